import { migrateOnce } from './migrate.js';

process.exitCode = await migrateOnce();
