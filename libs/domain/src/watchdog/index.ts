export * from './finalisation.js';
export * from './jumbo.js';
export * from './near-the-end.js';
export * from './pending.js';
export * from './queue-filler.js';
export * from './reassigned.js';
export * from './task-withholder.js';
