export { type Fleet, type LaunchPlan, launch } from './launch/launcher.js';
