import { matchesWildcard } from './wildcard.js';

/**
 * `fairsharepolicy` of a queue: comma list of rules, first match decides, e.g. `type=evgen:20%,id=12:priority>500:0%,type=any:80%`.
 * Priority conditions have their own small grammar; nothing here is ever evaluated as code. Spec: Brokerage › step 2 (zero share).
 */
export interface FairshareRule {
  readonly workQueueId?: number;
  /** Process group, `*` matches anything. */
  readonly type?: string;
  readonly group?: string;
  readonly priority?: { readonly operator: string; readonly value: number };
  /** Per cent. */
  readonly share: number;
}

export interface FairsharePolicy {
  readonly rules: readonly FairshareRule[];
  /** Rules that were ignored because they are not in the grammar: an alarm for the operator. */
  readonly faults: readonly string[];
}

const priorityForm = /^priority\s*(==|!=|>=|<=|>|<)\s*(-?\d+)$/;

export function parseFairsharePolicy(text: string | null | undefined): FairsharePolicy {
  const rules: FairshareRule[] = [];
  const faults: string[] = [];
  for (const item of (text ?? '').split(',').map((part) => part.trim())) {
    if (item === '') continue;
    const rule = ruleOf(item.split(':').map((part) => part.trim()));
    if (rule) rules.push(rule);
    else faults.push(item);
  }
  return { rules, faults };
}

function ruleOf(parts: readonly string[]): FairshareRule | undefined {
  const share = /^(\d+(?:\.\d+)?)%?$/.exec(parts.at(-1) ?? '');
  if (!share) return undefined;
  const rule: { -readonly [K in keyof FairshareRule]: FairshareRule[K] } = { share: Number(share[1]) };
  for (const part of parts.slice(0, -1)) {
    const priority = priorityForm.exec(part);
    if (priority) rule.priority = { operator: priority[1] ?? '', value: Number(priority[2]) };
    else if (/^id=\d+$/.test(part)) rule.workQueueId = Number(part.slice(3));
    else if (part.startsWith('type=')) rule.type = part.slice(5);
    else if (part.startsWith('group=')) rule.group = part.slice(6);
    else return undefined;
  }
  return rule;
}

/** What a policy looks at. */
export interface FairshareSubject {
  readonly processingType: string;
  readonly workingGroup: string | null;
  readonly workQueueId: number | null;
  readonly priority: number;
}

/**
 * The share in per cent that a policy leaves for this kind of work: the first rule that speaks of it, else what the rules have not
 * given away (`type=evgensimul:100%` leaves nothing to others).
 */
export function policyShare(policy: FairsharePolicy, subject: FairshareSubject, ignorePriority = false): number {
  const rule = policy.rules.find((r) => applies(r, subject, ignorePriority));
  return rule?.share ?? Math.max(0, 100 - policy.rules.reduce((sum, r) => sum + r.share, 0));
}

function applies(rule: FairshareRule, subject: FairshareSubject, ignorePriority: boolean): boolean {
  if (rule.workQueueId !== undefined) {
    return rule.workQueueId === subject.workQueueId && priorityHolds(rule, subject.priority);
  }
  if (rule.type !== undefined && rule.type !== 'any' && !isOfType(rule.type, subject.processingType)) return false;
  if (
    rule.group !== undefined &&
    rule.group !== 'any' &&
    subject.workingGroup !== null &&
    !matchesWildcard(rule.group, subject.workingGroup)
  ) {
    return false;
  }
  return ignorePriority || priorityHolds(rule, subject.priority);
}

/** Rules name process groups or processing types. */
const isOfType = (pattern: string, type: string) =>
  matchesWildcard(pattern, processGroup(type)) || matchesWildcard(pattern, type);

function priorityHolds(rule: FairshareRule, priority: number): boolean {
  if (rule.priority === undefined) return true;
  const { operator, value } = rule.priority;
  switch (operator) {
    case '==':
      return priority === value;
    case '!=':
      return priority !== value;
    case '>=':
      return priority >= value;
    case '<=':
      return priority <= value;
    case '>':
      return priority > value;
    default:
      return priority < value;
  }
}

/** Test work is never shut out by a policy. */
export const TEST_GROUP = 'test';

const groupOf: Readonly<Record<string, string>> = {
  evgen: 'evgensimul',
  simul: 'evgensimul',
  reprocessing: 'reprocessing',
  prod_test: TEST_GROUP,
  validation: TEST_GROUP,
  ptest: TEST_GROUP,
  rc_test: TEST_GROUP,
  rc_test2: TEST_GROUP,
  rc_alrb: TEST_GROUP,
  mcore: 'mcore',
  group: 'group',
};

/** The process group of a processing type. Spec: Brokerage › step 2 (`type=evgensimul`: evgen or simul jobs). */
export function processGroup(processingType: string): string {
  return groupOf[processingType] ?? 'others';
}
