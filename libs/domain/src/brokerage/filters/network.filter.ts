import { splitRuleValues } from '../../split-rule/index.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** Outbound connectivity and IP stack of the worker nodes. Spec: Brokerage › step 2 (wnconnectivity). */
export const network: QueueFilter = {
  code: 'network',
  tag: '-network',
  title: 'the worker nodes cannot reach what the task needs',
  wakesOn: ['queue.updated'],
  skippedFor: 'single',
  judge: ({ queue, request: { task } }) => {
    const needs = nameOf(splitRuleValues.ipConnectivity, task.splitRule.get('ipConnectivity'));
    const stack = nameOf(splitRuleValues.ipStack, task.splitRule.get('ipStack'));
    if (!reaches(queue.network, needs)) return reject({ network: queue.network, asked: needs ?? 'none' });
    return stack === undefined || stack === queue.ipStack ? pass : reject({ ipStack: queue.ipStack, asked: stack });
  },
};

/** Full reaches everything, http what needs http or nothing, none what needs nothing. Undefined needs nothing. */
function reaches(offered: string, needed: string | undefined): boolean {
  return needed === undefined || offered === 'full' || (offered === 'http' && needed === 'http');
}

function nameOf(values: Readonly<Record<string, number>>, value: number | undefined): string | undefined {
  return Object.entries(values).find(([, number]) => number === value)?.[0];
}
