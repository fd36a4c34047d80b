export * from './catalogue.js';
export * from './error-row.js';
export * from './kill-codes.js';
export * from './panda-error.js';
export * from './pilot-codes.js';
export * from './server-codes.js';
