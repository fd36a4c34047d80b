export * from './batch/batch-system.js';
export { type HarvesterConfig, harvesterKeys } from './harvester.config.js';
export { HarvesterModule } from './harvester.module.js';
