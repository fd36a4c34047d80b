export * from './machine/machine.js';
export * from './ports/clock.js';
export * from './ports/health.js';
export * from './ports/ids.js';
export * from './ports/log.js';
export * from './ports/metrics.js';
export * from './ports/random.js';
