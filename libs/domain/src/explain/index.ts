export * from './explain-verdict.js';
export * from './waiting-job.js';
