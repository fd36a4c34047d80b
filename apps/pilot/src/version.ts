/** Reported to the server with each update. */
export const PILOT_VERSION = '0.1.0';
