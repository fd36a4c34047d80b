export * from './explain-verdict.js';
