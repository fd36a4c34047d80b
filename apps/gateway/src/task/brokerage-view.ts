import { type BrokerageReply, isObject } from '@panda/contracts';
import { explainFacts, explainVerdict, type RejectionGroup, type Verdict } from '@panda/domain';

/** A brokerage run as everybody reads it, and its one sentence. */
export interface ExplainedBrokerage {
  readonly reply: BrokerageReply;
  readonly summary: string;
}

/** The newest brokerage among stored verdicts; throttling and splitting runs have another shape. */
export function brokerageOf(at: Date, stored: unknown): ExplainedBrokerage | null {
  if (!isVerdict(stored)) return null;
  return {
    summary: explainVerdict(stored),
    reply: {
      at: at.toISOString(),
      candidates: stored.candidates,
      funnel: stored.funnel.map((stage) => ({ stage: stage.code, in: stage.in, out: stage.out })),
      rejected: stored.rejected.map(rejection),
      chosen: stored.chosen.map(({ queue, weight }) => ({ queue, weight })),
    },
  };
}

/** Rows of other releases may lack parts: what is not whole is not shown. */
function isVerdict(stored: unknown): stored is Verdict {
  return (
    isObject(stored) &&
    typeof stored.candidates === 'number' &&
    [stored.preassigned, stored.funnel, stored.rejected, stored.chosen].every(Array.isArray)
  );
}

function rejection({ code, tag, count, nearest }: RejectionGroup): BrokerageReply['rejected'][number] {
  return { code: tag, count, nearest: { queue: nearest.queue, sentence: explainFacts(code, nearest.facts, count > 1) } };
}
