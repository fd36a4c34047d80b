export * from './duration.js';
export { environment, type Variables } from './environment.js';
export { type Key, type KeyOptions, type KeySchema, Refused } from './key.js';
export * from './key-set.js';
export * from './kinds.js';
export * from './operational.js';
export * from './operational-config.js';
export * from './registry.js';
