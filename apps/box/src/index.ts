export { signInDevice } from './identity/device-sign-in.js';
export { type Fleet, type LaunchPlan, launch } from './launch/launcher.js';
export { serviceNames } from './launch/services.js';
