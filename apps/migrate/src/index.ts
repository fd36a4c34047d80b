export { migrateOnce } from './migrate.js';
