/** Every operation of the server, both dialects. One line per group; a new operation is a new export of its group. */
export * from './files.js';
export * from './harvester.js';
export * from './job-update.js';
export * from './jobs.js';
export * from './pilot.js';
export * from './system.js';
export * from './task-commands.js';
export * from './task-queries.js';
export * from './task-submission.js';
export * from './user-data.js';
