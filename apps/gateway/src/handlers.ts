import { credsHandlers } from './creds/handlers.js';
import { dataHandlers } from './data/handlers.js';
import { fileHandlers } from './file/handlers.js';
import { harvesterHandlers } from './harvester/handlers.js';
import { jobHandlers } from './job/handlers.js';
import { metaconfigHandlers } from './metaconfig/handlers.js';
import { pilotHandlers } from './pilot/handlers.js';
import { statisticsHandlers } from './statistics/handlers.js';
import { systemHandlers } from './system/handlers.js';
import { taskHandlers } from './task/handlers.js';

/** Every handler of the gateway; the table of operations and this list must match (checked at start). */
export const handlerClasses = [
  ...credsHandlers,
  ...dataHandlers,
  ...fileHandlers,
  ...harvesterHandlers,
  ...jobHandlers,
  ...metaconfigHandlers,
  ...pilotHandlers,
  ...statisticsHandlers,
  ...systemHandlers,
  ...taskHandlers,
];
