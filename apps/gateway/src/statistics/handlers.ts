import { JobStatsByLabel } from './job-stats-by-label.handler.js';
import { JobStatsBySite } from './job-stats-by-site.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const statisticsHandlers = [JobStatsByLabel, JobStatsBySite];
