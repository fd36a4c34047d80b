export * from './machine/machine.js';
