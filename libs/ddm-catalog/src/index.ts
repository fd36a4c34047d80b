export * from './catalog-ddm.js';
export * from './ddm-catalog.module.js';
export * from './file-storage.js';
