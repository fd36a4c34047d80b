export { SCOUT_CHUNKS } from './bunches.js';
export * from './feed-plan.js';
export * from './feed-rules.js';
export * from './feed-verdict.js';
export { type ItemFilter, itemFilter, segmentOf } from './item-filter.js';
export * from './listed-file.js';
export * from './pseudo-files.js';
export * from './records.js';
export * from './selected-files.js';
