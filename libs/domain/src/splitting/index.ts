export * from './input-chunk.js';
export * from './live-counter.js';
export * from './site-candidate.js';
export * from './smallest-job.js';
export * from './split-input.js';
export { hasDynamicEvents, MIN_OUTPUT_BYTES, type SplitLimits, splitLimits, usesDirectIo } from './split-limits.js';
export type { ClosedBy, SubChunk, SubChunkInput } from './sub-chunk.js';
