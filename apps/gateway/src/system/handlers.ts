import { GetAttributes } from './get-attributes.handler.js';
import { GetUserAttributes } from './get-user-attributes.handler.js';
import { GetVomsAttributes } from './get-voms-attributes.handler.js';
import { IsAlive } from './is-alive.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const systemHandlers = [GetAttributes, GetUserAttributes, GetVomsAttributes, IsAlive];
