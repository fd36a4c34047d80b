import type { Level, LevelledLimit, Levels, ProductionFacts } from './production-facts.js';
import type { ThrottleVerdict } from './throttle-verdict.js';

const bunchMin = 500;
const bunchMax = 600;
const bunchesQueued = 4;
const waitingPerRunning = 4;
const waitingBunches = 2;
const parallel = 2;
const parallelCap = 5;
const enoughWalltimeS = 50_000_000;
const wellFilled = 0.9;
const lackPart = 20;

/** Numbers that the rules share, taken at the level at which the operators gave each limit. */
interface Situation {
  readonly facts: ProductionFacts;
  /** At the level the share is looked at. */
  readonly running: number;
  readonly queued: number;
  readonly bunch: number;
  readonly queueLimit: number;
  readonly queuedForLimit: number;
  readonly definedForLimit: number;
  readonly enoughWork: boolean;
}

export interface ProductionRule {
  readonly name: string;
  /** The numbers that decided, or undefined when the rule does not match. */
  readonly judge: (s: Situation) => string | undefined;
  /** Tasks of higher priority than anything queued pass in spite of the rule. */
  readonly yieldsToPriority: boolean;
}

const at = (levels: Levels, limit: LevelledLimit | null, fallback: Level = 'resource') => levels[limit?.level ?? fallback];
const overLimit = (s: Situation) => s.queuedForLimit > s.queueLimit;

function situationOf(facts: ProductionFacts): Situation {
  const level: Level = facts.isShareWide ? 'share' : 'resource';
  const { limits } = facts;
  const free = Math.trunc(facts.running[level] * limits.threshold - facts.notRunning[level]);
  const definedForLimit = at(facts.defined, limits.queueLimit);
  const queuedForLimit = at(facts.notRunning, limits.queueLimit) + definedForLimit;
  const plainBunch = Math.min(Math.max(bunchMin, free), bunchMax);
  const queueLimit = limits.queueLimit?.value ?? plainBunch * bunchesQueued;
  const room = facts.prestages ? queueLimit - queuedForLimit : 0;
  return {
    facts,
    running: facts.running[level],
    queued: facts.notRunning[level] + facts.defined[level],
    bunch: room > plainBunch ? Math.min(room, bunchMax) : plainBunch,
    queueLimit,
    queuedForLimit,
    definedForLimit,
    enoughWork: facts.isShareWide || facts.totalWalltimeS === null || facts.totalWalltimeS > enoughWalltimeS,
  };
}

/**
 * Why no jobs are made for a queue of production, in the order in which the rules are asked; the first that matches decides.
 * panda-jedi:pandajedi/jedithrottle/AtlasProdJobThrottler.py@42f4bb41.
 */
export const productionRules: readonly ProductionRule[] = [
  {
    name: 'nothingRuns',
    yieldsToPriority: true,
    judge: (s) =>
      s.running === 0 && overLimit(s) && s.enoughWork
        ? `nothing runs and ${s.queuedForLimit} jobs are queued, the limit is ${s.queueLimit}`
        : undefined,
  },
  {
    name: 'enoughQueued',
    yieldsToPriority: true,
    judge: (s) => {
      const { threshold } = s.facts.limits;
      if (s.running === 0 || s.queued / s.running <= threshold || !overLimit(s) || !s.enoughWork) return undefined;
      return `${s.queued} queued for ${s.running} running is more than ${threshold}, and ${s.queuedForLimit} are above the limit of ${s.queueLimit}`;
    },
  },
  {
    name: 'tooManyDefined',
    yieldsToPriority: true,
    judge: (s) =>
      s.definedForLimit > s.queueLimit ? `${s.definedForLimit} jobs are defined, the limit is ${s.queueLimit}` : undefined,
  },
  {
    name: 'tooManyWaiting',
    yieldsToPriority: true,
    judge: (s) => {
      const waiting = s.facts.waiting.resource;
      const limit = Math.max(s.facts.running.resource * waitingPerRunning, s.bunch * waitingBunches);
      return waiting > limit ? `${waiting} jobs are waiting, the limit is ${limit}` : undefined;
    },
  },
  {
    name: 'runningCap',
    yieldsToPriority: false,
    judge: ({ facts }) => {
      const cap = facts.limits.runningCap;
      const running = at(facts.running, cap);
      return cap !== null && running > cap.value ? `${running} jobs are running, the cap is ${cap.value}` : undefined;
    },
  },
  {
    name: 'queueCap',
    yieldsToPriority: true,
    judge: ({ facts }) => {
      const cap = facts.limits.queueCap;
      const queued = at(facts.notRunning, cap) + at(facts.defined, cap);
      return cap !== null && queued > cap.value ? `${queued} jobs are queued, the cap is ${cap.value}` : undefined;
    },
  },
];

/** Do tasks wait that are more urgent than what is queued, or as urgent while little of that is queued? */
function urgentTasksWait({ waitingPriority, jobsPriority, notRunningAtPriority }: ProductionFacts): boolean {
  if (waitingPriority === null) return false;
  if (jobsPriority === null || waitingPriority > jobsPriority) return true;
  return waitingPriority === jobsPriority && notRunningAtPriority < bunchMin;
}

/** The throttler of production. Merge jobs are always made: they free what others wait for. */
export function throttleProduction(facts: ProductionFacts): ThrottleVerdict {
  if (!facts.throttled) return { kind: 'pass', maxJobs: null, minPriority: null, lacksJobs: false };
  const s = situationOf(facts);
  const cap = facts.limits.queueCap;
  const maxJobs = cap === null ? Math.floor(s.bunch / parallel) : Math.floor(cap.value / parallelCap);
  for (const rule of productionRules) {
    const reason = rule.judge(s);
    if (reason === undefined) continue;
    if (!rule.yieldsToPriority || !urgentTasksWait(facts)) return { kind: 'throttled', mergeOnly: true, rule: rule.name, reason };
    return { kind: 'pass', maxJobs, minPriority: facts.waitingPriority, lacksJobs: false };
  }
  if (s.queuedForLimit >= s.queueLimit * wellFilled && s.queued >= s.running) {
    return { kind: 'pass', maxJobs, minPriority: null, lacksJobs: false };
  }
  return { kind: 'pass', maxJobs: Math.max(maxJobs, Math.floor(s.queueLimit / lackPart)), minPriority: null, lacksJobs: true };
}
