export * from './split-rule.js';
export * from './split-rule-codes.js';
