import { DeleteCacheFile } from './delete-cache-file.handler.js';
import { DeleteCheckpoint } from './delete-checkpoint.handler.js';
import { DownloadLog } from './download-log.handler.js';
import { GetCachePrefixes } from './get-cache-prefixes.handler.js';
import { GetClientVersion } from './get-client-version.handler.js';
import { GetCmtConfigList } from './get-cmt-config-list.handler.js';
import { GetServer } from './get-server.handler.js';
import { TouchCacheFile } from './touch-cache-file.handler.js';
import { UploadCacheFile } from './upload-cache-file.handler.js';
import { UploadCheckpoint } from './upload-checkpoint.handler.js';
import { UploadJediLog } from './upload-jedi-log.handler.js';
import { ValidateCacheFile } from './validate-cache-file.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const fileHandlers = [
  DeleteCacheFile,
  DeleteCheckpoint,
  DownloadLog,
  GetCachePrefixes,
  GetClientVersion,
  GetCmtConfigList,
  GetServer,
  TouchCacheFile,
  UploadCacheFile,
  UploadCheckpoint,
  UploadJediLog,
  ValidateCacheFile,
];
