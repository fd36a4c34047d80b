export * from './pg/pg.js';
