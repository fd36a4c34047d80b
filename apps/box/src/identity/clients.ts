/** Public client of people's tools: the real panda-client, `panda`, `prun`, `pbook`. It has no secret. */
export const USER_CLIENT_ID = 'panda-client';

/** Confidential client of pilots and Harvester. */
export const ROBOT_CLIENT_ID = 'panda-robot';
