export * from './occupancy.js';
export * from './production-facts.js';
export * from './task-throttle.js';
export * from './throttle-production.js';
export * from './throttle-verdict.js';
export * from './waiting-reason.js';
