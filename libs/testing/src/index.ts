export * from './http/recording-server.js';
export * from './pg/pg.js';
export * from './ports/agent-runtime.js';
export * from './ports/fake-clock.js';
export * from './ports/recording-log.js';
export * from './ports/seeded.js';
