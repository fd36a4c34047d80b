export * from './bus/topics.js';
export * from './http/index.js';
export * from './wire/index.js';
