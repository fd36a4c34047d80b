import type { Facts } from '../brokerage/filter.js';
import type { RejectionGroup, Verdict } from '../brokerage/verdict.js';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** Needs and offers in words, with the unit before the comma: "needs 3,900 MB/core, best offers 3,600". */
function amounts(facts: Facts, best: boolean): string | undefined {
  const { needs, offers, unit } = facts;
  if (typeof needs !== 'number' || typeof offers !== 'number') return undefined;
  return `needs ${number.format(needs)}${typeof unit === 'string' ? ` ${unit}` : ''}, ${best ? 'best ' : ''}offers ${number.format(offers)}`;
}

/** What a rejection knows beside amounts, in the words of the filter's facts. */
const others: Readonly<Record<string, (facts: Facts) => string>> = {
  status: ({ status }) => `is ${status}`,
  zeroshare: ({ policy, processingType }) => `${policy} leaves nothing for ${processingType}`,
  blacklist: ({ endpoint }) => `${endpoint} takes no files`,
  network: ({ network, ipStack, asked }) => `offers ${network ?? ipStack ?? 'nothing'}, asked for ${asked}`,
  cache: ({ lacking }) => `lacks ${lacking}`,
  opportunistic: ({ nucleus }) => (nucleus ? `not at ${nucleus}` : 'nothing is pledged'),
  link_unusable: ({ nucleus }) => `no way to ${nucleus}`,
  t1weight: ({ nucleus }) => `not at ${nucleus}`,
  es: ({ jobSeed }) => `takes ${jobSeed}`,
  eshigh: ({ jobSeed }) => `takes ${jobSeed}`,
  nones: ({ jobSeed }) => `takes ${jobSeed}`,
  endpoint: ({ token }) => `no endpoint for ${token}`,
};

/** The facts of one rejection as words; empty when the code says it all. The only place that turns facts into text. */
export function explainFacts(code: string, facts: Facts, best = false): string {
  return amounts(facts, best) ?? others[code]?.(facts) ?? '';
}

function group({ code, count, nearest }: RejectionGroup): string {
  const why = explainFacts(code, nearest.facts, count > 1);
  return `${count} ${code}${why === '' ? '' : ` (${why})`}`;
}

/** One sentence for a verdict: "0 of 143 queues: 61 zeroshare (…), 40 lowmemory (needs 3,900 MB/core, best offers 3,600)". */
export function explainVerdict(verdict: Verdict): string {
  const what = verdict.broker === 'task' ? 'nuclei' : 'queues';
  if (verdict.candidates === 0) {
    const names = verdict.preassigned.join(', ');
    return names === ''
      ? `no ${what} are known`
      : `the task asks for ${names}: no such ${what === 'nuclei' ? 'nucleus' : 'queue'}`;
  }
  const rejected = verdict.rejected.map(group).join(', ');
  const head = `${verdict.chosen.length} of ${verdict.candidates} ${what}`;
  return rejected === '' ? head : `${head}: ${rejected}`;
}
