export * from './http/recording-server.js';
export * from './pg/pg.js';
