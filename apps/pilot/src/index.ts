export { errorOfExitCode, exitCodes } from './errors/exit-code.js';
export { launchPilot } from './launch.js';
export { OptionError, type PilotOptions, readOptions } from './options/options.js';
export { type PilotConfig, pilotKeys } from './pilot.config.js';
export { Pilot } from './pilot.js';
export type { CopyTool } from './transfer/copytool.js';
