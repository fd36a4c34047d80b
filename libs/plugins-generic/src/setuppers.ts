import type { SetupperPlugin } from './plugin-kinds.js';

/** Nothing is prepared: whoever writes output registers it. */
export const genericSetupper: SetupperPlugin = { registersDatasets: false, lifetimeDays: () => undefined };

/** What only serves the machinery may be deleted soon. panda-jedi:pandajedi/jedisetup/AtlasTaskSetupper.py@42f4bb41. */
const INTERNAL_DAYS = 14;
const INTERNAL_PREFIX = 'panda.';

/** Output datasets exist before the first job writes into them. Spec: JEDI › Job Generator › Task Setupper. */
export const catalogueSetupper: SetupperPlugin = {
  registersDatasets: true,
  lifetimeDays: ({ name }) => (name.startsWith(INTERNAL_PREFIX) ? INTERNAL_DAYS : undefined),
};
