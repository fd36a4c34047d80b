export * from './fast-rebrokerage.js';
export * from './judge-timeout.js';
export * from './outage.js';
export * from './timed-job.js';
export * from './timeout-floors.js';
export * from './timeout-rules.js';
