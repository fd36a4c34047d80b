export * from './data.js';
export * from './explain.js';
export * from './queues.js';
