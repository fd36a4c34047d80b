export * from './bus/topics.js';
export * from './http/index.js';
