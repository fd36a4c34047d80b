import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys } from '@panda/config';

export const contentsFeederKeys = defineKeys(
  'jedi-contents-feeder',
  agentKeys('PANDA_CONFEEDER', { sweepMs: 60_000, batch: 20 }),
);

export type ContentsFeederConfig = ConfigOf<typeof contentsFeederKeys>;
