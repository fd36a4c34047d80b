import { CloseDataset } from './close-dataset.handler.js';
import { DownloadFile } from './download-file.handler.js';
import { ListDatasets } from './list-datasets.handler.js';
import { ListFiles } from './list-files.handler.js';
import { RegisterDataset } from './register-dataset.handler.js';
import { UploadFile } from './upload-file.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const dataHandlers = [CloseDataset, DownloadFile, ListDatasets, ListFiles, RegisterDataset, UploadFile];
