import type { Variables } from '@panda/config';
import type { JobDefinition } from '../job/job-definition.js';
import type { QueueData } from '../queue/queue-data.js';

/** Credentials and settings of the pilot itself: a payload runs user code and must not see them. */
const HIDDEN = /^(OIDC_|PANDA_AUTH_|PANDA_PILOT_|PILOT_|NODE_OPTIONS$|X509_USER_PROXY$|PGPASSWORD$|DATABASE_URL$|AMQP_URL$)/;

/** Environment of a payload: the worker node's, without the pilot's secrets, and who the job is. Spec: Pilot › setup. */
export function payloadEnvironment(variables: Variables, job: JobDefinition, queue: QueueData): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(Object.entries(variables).filter(([name]) => !HIDDEN.test(name)));
  const datasets = [...new Set(job.inputs.map((file) => file.dataset).filter((name) => name !== '' && name !== 'NULL'))];
  return {
    ...inherited,
    PANDAID: job.pandaId,
    PandaID: job.pandaId,
    PanDA_TaskID: job.taskId ?? '',
    PanDA_AttemptNr: String(job.attemptNr),
    PANDA_RESOURCE: queue.resource,
    SITE_NAME: queue.site,
    RUCIO_APPID: job.processingType,
    RUCIO_ACCOUNT: 'pilot',
    ATHENA_PROC_NUMBER: String(job.coreCount),
    ATHENA_CORE_NUMBER: String(job.coreCount),
    MAKEFLAGS: `-j${job.coreCount}`,
    // Spec: Pilot › INDS is set to the input dataset for analysis runs.
    ...(datasets[0] === undefined ? {} : { INDS: datasets[0] }),
  };
}
