import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys } from '@panda/config';

export const taskBrokerKeys = defineKeys('jedi-task-broker', agentKeys('PANDA_TASKBROKER', { sweepMs: 60_000, batch: 200 }));

export type TaskBrokerConfig = ConfigOf<typeof taskBrokerKeys>;
