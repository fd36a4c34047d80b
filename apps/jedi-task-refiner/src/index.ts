export { TaskRefinerAgent } from './task-refiner.agent.js';
