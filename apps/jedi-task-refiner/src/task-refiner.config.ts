import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys, url } from '@panda/config';

export const taskRefinerKeys = defineKeys('jedi-task-refiner', {
  ...agentKeys('PANDA_TASKREFINER', { sweepMs: 30_000, batch: 50 }),
  serverUrl: url('PANDA_SERVER_URL', {
    default: 'http://localhost:25080',
    doc: 'Address under which worker nodes reach the gateway: transforms and sandboxes are fetched from there.',
  }),
});

export type TaskRefinerConfig = ConfigOf<typeof taskRefinerKeys>;
