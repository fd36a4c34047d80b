export * from './avalanche.js';
export * from './exhausted.js';
export * from './measure.js';
export * from './measurement.js';
export * from './percentile.js';
export * from './scout-job.js';
export * from './target-output.js';
