export * from './bus/topics.js';
