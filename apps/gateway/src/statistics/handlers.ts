import { GetNumPilots } from './get-num-pilots.handler.js';
import { JobStatsByLabel } from './job-stats-by-label.handler.js';
import { JobStatsByResource } from './job-stats-by-resource.handler.js';
import { JobStatsBySite } from './job-stats-by-site.handler.js';
import { ShareStatus } from './share-status.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const statisticsHandlers = [GetNumPilots, JobStatsByLabel, JobStatsByResource, JobStatsBySite, ShareStatus];
