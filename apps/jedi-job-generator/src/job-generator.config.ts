import { agentKeys } from '@panda/agents';
import { bool, type ConfigOf, defineKeys, int, ms, str } from '@panda/config';

export const jobGeneratorKeys = defineKeys('jedi-job-generator', {
  ...agentKeys('PANDA_JOBGEN', { sweepMs: 30_000, concurrency: 2, batch: 10 }),
  jobsPerRound: int('PANDA_JOBGEN_JOBS_PER_ROUND', {
    default: 2_000,
    min: 1,
    max: 20_000,
    doc: 'About so many jobs of a task are made before the next task gets its turn.',
  }),
  jobsPerTransaction: int('PANDA_JOBGEN_JOBS_PER_TRANSACTION', {
    default: 1_000,
    min: 1,
    max: 5_000,
    doc: 'Jobs stored at once; larger batches gain nothing more (COPY of 1,000 jobs is at 90 % of its best).',
  }),
  holdFor: ms('PANDA_JOBGEN_HOLD', { default: '60s', min: 1_000, doc: 'A task without a queue is looked at again after this.' }),
  plugins: str('PANDA_JOBGEN_PLUGINS', {
    default: '',
    doc: 'Plug-ins that serve a VO or an activity instead of the generic ones: vo:label:kind:name[:subtype], separated by commas, for example atlas:managed:jobBroker:production.',
  }),
  inputMustBeLocal: bool('PANDA_JOBGEN_INPUT_MUST_BE_LOCAL', {
    default: true,
    doc: 'Jobs go only to queues that have all their input: the built-in data management moves no files.',
  }),
});

export type JobGeneratorConfig = ConfigOf<typeof jobGeneratorKeys>;
