import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys, str } from '@panda/config';

export const adderKeys = defineKeys('adder', {
  ...agentKeys('PANDA_ADDER', { sweepMs: 15_000, concurrency: 2, batch: 200 }),
  defaultEndpoint: str('PANDA_ADDER_DEFAULT_ENDPOINT', {
    optional: true,
    doc: 'Storage endpoint of outputs whose job, report and queue name none.',
  }),
});

export type AdderConfig = ConfigOf<typeof adderKeys>;
