import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys } from '@panda/config';

export const postProcessorKeys = defineKeys(
  'jedi-post-processor',
  agentKeys('PANDA_POSTPROCESSOR', { sweepMs: 60_000, batch: 50 }),
);

export type PostProcessorConfig = ConfigOf<typeof postProcessorKeys>;
