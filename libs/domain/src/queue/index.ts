export * from './fairshare-policy.js';
export * from './queue.js';
