export * from './pg/pg.js';
export * from './http/recording-server.js';
