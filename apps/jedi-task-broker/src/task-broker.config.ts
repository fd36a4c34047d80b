import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys, ms } from '@panda/config';

export const taskBrokerKeys = defineKeys('jedi-task-broker', {
  ...agentKeys('PANDA_TASKBROKER', { sweepMs: 60_000, batch: 200 }),
  holdFor: ms('PANDA_TASKBROKER_HOLD', {
    default: '10m',
    min: 1_000,
    doc: 'A task without a nucleus is brokered again after this; others get their turn meanwhile.',
  }),
});

export type TaskBrokerConfig = ConfigOf<typeof taskBrokerKeys>;
