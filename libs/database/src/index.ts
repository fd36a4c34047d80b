export * from './kernel/database.js';
export * from './kernel/statement.js';
export * from './kernel/transient.js';
