export * from './fairshare-policy.js';
export * from './queue.js';
export * from './wildcard.js';
