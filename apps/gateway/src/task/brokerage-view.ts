import { type BrokerageReply, isObject } from '@panda/contracts';

/** A stored brokerage verdict as everybody reads it; none when the run was of another kind. */
export function brokerageOf(at: Date, _kind: string, verdict: unknown): BrokerageReply[] {
  if (!isObject(verdict) || typeof verdict.candidates !== 'number' || !Array.isArray(verdict.rejected)) return [];
  return [
    {
      at: at.toISOString(),
      candidates: verdict.candidates,
      funnel: objects(verdict.funnel).map((stage) => ({
        stage: String(stage.stage ?? stage.code),
        in: Number(stage.in),
        out: Number(stage.out),
      })),
      rejected: objects(verdict.rejected).map((group) => ({
        code: String(group.tag ?? group.code),
        count: Number(group.count),
        nearest: nearestOf(group.nearest),
      })),
      chosen: objects(verdict.chosen).map((choice) => ({ queue: String(choice.queue), weight: Number(choice.weight) })),
    },
  ];
}

type Loose = { readonly [key: string]: unknown };

function objects(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function nearestOf(value: unknown): { queue: string; sentence: string } | null {
  if (!isObject(value)) return null;
  return {
    queue: String(value.queue),
    sentence: typeof value.sentence === 'string' ? value.sentence : factsSentence(value.facts),
  };
}

/** `needs 3900, offers 2000`: the numbers that decided. */
function factsSentence(facts: unknown): string {
  if (!isObject(facts)) return 'rejected';
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

/** `0 of 143 queues: 61 zeroshare, 40 lowmemory (needs 3900, offers 3600)`. */
export function brokerageSummary({ candidates, chosen, rejected }: BrokerageReply): string {
  const groups = rejected.map(({ code, count, nearest }) => `${count} ${code}${nearest ? ` (${nearest.sentence})` : ''}`);
  return `${chosen.length} of ${candidates} queues${groups.length > 0 ? `: ${groups.join(', ')}` : ''}`;
}
