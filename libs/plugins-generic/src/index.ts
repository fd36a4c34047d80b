export * from './manifest.js';
export * from './plugin-kinds.js';
export * from './registry.js';
