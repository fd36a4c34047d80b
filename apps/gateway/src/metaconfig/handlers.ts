import { GetBannedUsers } from './get-banned-users.handler.js';
import { GetResourceTypes } from './get-resource-types.handler.js';
import { GetSiteSpecs } from './get-site-specs.handler.js';
import { ListQueues } from './list-queues.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const metaconfigHandlers = [GetBannedUsers, GetResourceTypes, GetSiteSpecs, ListQueues];
