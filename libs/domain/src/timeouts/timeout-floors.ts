import type { JobStatus } from '../job/job.machine.js';
import type { ConfiguredHours } from './judge-timeout.js';
import { heartbeatWorkflows } from './timed-job.js';
import { type TimeoutRule, timeoutRules } from './timeout-rules.js';

/** Jobs in `status` that are younger than these limits by every clock cannot have timed out. */
export interface TimeoutFloor {
  readonly status: JobStatus;
  /** Seconds since the job last changed, or since its end; null = no rule asks for that. */
  readonly idleS: number | null;
  /** Seconds since it was made or started; null = no rule asks for that. */
  readonly longS: number | null;
}

/** Limits that come with the queue are never below a day. */
const QUEUE_LIMIT_H = 24;

/**
 * The shortest limits of each state, so that the database needs to show only jobs that may have timed out. `workflows` are those
 * of the queues: each can have a heartbeat limit of its own.
 */
export function timeoutFloors(configured: ConfiguredHours, workflows: readonly string[]): TimeoutFloor[] {
  const statuses = [...new Set(timeoutRules.flatMap((rule) => rule.statuses))];
  return statuses.map((status) => {
    const rules = timeoutRules.filter((rule) => rule.statuses.includes(status));
    const shortest = (some: readonly TimeoutRule[]) => {
      const hours = some.flatMap((rule) => limitsH(rule, configured, workflows));
      return hours.length === 0 ? null : Math.floor(Math.min(...hours) * 3_600);
    };
    const long = (rule: TimeoutRule) => rule.kind === 'long';
    return { status, idleS: shortest(rules.filter((rule) => !long(rule))), longS: shortest(rules.filter(long)) };
  });
}

/** Every limit the rule can have. */
function limitsH(rule: TimeoutRule, configured: ConfiguredHours, workflows: readonly string[]): number[] {
  const plain = typeof rule.limitH === 'number' ? rule.limitH : QUEUE_LIMIT_H;
  const { key } = rule;
  if (key === undefined) return [plain];
  const name = key.name;
  const own =
    typeof name === 'string'
      ? [configured(key.component, name)]
      : [...heartbeatWorkflows, ...workflows].map((workflow) => configured(key.component, `HEARTBEAT_TIMEOUT_${workflow}`));
  const given = own.filter((hours) => hours !== undefined);
  const isOff = rule.offByDefault === true && given.length === 0;
  const always = typeof name === 'string' && given.length > 0;
  return isOff ? [] : always ? given : [plain, ...given];
}
