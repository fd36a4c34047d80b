import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys, ms } from '@panda/config';

export const taskCommandoKeys = defineKeys('jedi-task-commando', {
  ...agentKeys('PANDA_TASKCOMMANDO', { sweepMs: 60_000, batch: 100 }),
  redoAfterMs: ms('PANDA_TASKCOMMANDO_REDO_AFTER', {
    default: '5m',
    min: 1_000,
    doc: 'A command that is still under way after this is told to the jobs of its task again.',
  }),
});

export type TaskCommandoConfig = ConfigOf<typeof taskCommandoKeys>;
