export * from './cpu-time.js';
export * from './judge-retry.js';
export * from './memory.js';
export * from './retry-rule.js';
