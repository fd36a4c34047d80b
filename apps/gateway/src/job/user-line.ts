import type { JobRecord } from '@panda/contracts';
import { directJobPriority, type PriorityAccount, parseSpecialHandling, priorityAccount } from '@panda/domain';
import { hasRole, type Identity } from '../auth/caller.js';
import { attribute } from './submitted-job.js';

/** Labels of jobs whose priority the server works out. */
const RANKED: readonly string[] = ['user', 'panda', 'install'];
const BUILD = 'panda';

/** The places of the jobs of one submission in the lines of their accounts. Spec: FAQ › How job priorities are calculated. */
export class UserLine {
  private readonly lines = new Map<string, { readonly activeJobs: number; serial: number }>();

  constructor(
    private readonly caller: Identity,
    private readonly activeJobs: (account: PriorityAccount) => Promise<number>,
  ) {}

  /** Priority of the next job; null for a job that keeps the one it came with. */
  async priority(record: JobRecord): Promise<number | null> {
    const text = (name: string) => String(attribute(record.attributes, name) ?? '');
    const prodSourceLabel = text('prodSourceLabel');
    if (!RANKED.includes(prodSourceLabel)) return null;
    const workingGroup = workingGroupOf(record, this.caller);
    const line = await this.line(priorityAccount({ userName: this.caller.userName, workingGroup }));
    const { flags } = parseSpecialHandling(text('specialHandling'));
    // Who may not say how urgent a job is has it ranked like all others.
    const mayAsk = hasRole(this.caller, 'production', 'admin');
    const isBuild = prodSourceLabel === BUILD;
    const job = {
      prodSourceLabel,
      processingType: text('processingType'),
      userName: this.caller.userName,
      isBuild,
      isExpress: mayAsk && flags.has('express'),
      isScout: mayAsk && flags.has('scout'),
      isSuperGroup: false,
      given: mayAsk ? Number(attribute(record.attributes, 'assignedPriority')) || 0 : 0,
    };
    return directJobPriority(job, { activeJobs: line.activeJobs, serial: isBuild ? 0 : line.serial++ });
  }

  private async line(account: PriorityAccount) {
    const key = JSON.stringify(account);
    const line = this.lines.get(key) ?? { activeJobs: await this.activeJobs(account), serial: 0 };
    this.lines.set(key, line);
    return line;
  }
}

/** Only who produces for a group may have jobs counted for it. */
export function workingGroupOf(record: JobRecord, caller: Identity): string | null {
  if (!hasRole(caller, 'production', 'admin')) return caller.workingGroup;
  const given = attribute(record.attributes, 'workingGroup');
  return typeof given === 'string' && given !== '' ? given : null;
}
