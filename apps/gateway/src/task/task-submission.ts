import { Inject, Injectable } from '@nestjs/common';
import { OperationalConfig } from '@panda/config';
import { isObject, type operations, topics } from '@panda/contracts';
import { KeyMisused, nudge, OperatorTables, once, TaskIntakeRepository, type Tx } from '@panda/database';
import {
  analysisTaskType,
  deftStatusOf,
  judgeSubmission,
  numberFaults,
  ownedChanges,
  ownedParameters,
  type ParameterFault,
  submissionCode,
  takenOver,
  taskParameterFaults,
  taskStatus,
  terminalTaskStatuses,
  unserved,
} from '@panda/domain';
import { Audit } from '../audit/audit.js';
import { hasRole, type Identity } from '../auth/caller.js';
import { submissionLimits } from '../gateway.config.js';
import { type Call, identityOf, Refused } from '../http/call.js';
import { nameFaults } from './claimed-name-rights.js';

type Submission = operations.Submission;
type Parameters = Readonly<Record<string, unknown>>;

interface Intake {
  readonly parameters: Parameters;
  readonly parentTid: number | null;
  /** The new values of a retry; the stored map keeps the rest. */
  readonly changes: Parameters | null;
}

/** Takes task parameter maps in: checks, uniqueness, and everything that is stored, in one transaction. */
@Injectable()
export class TaskSubmission {
  constructor(
    private readonly tasks: TaskIntakeRepository,
    private readonly tables: OperatorTables,
    private readonly audit: Audit,
    @Inject(OperationalConfig) private readonly config: OperationalConfig,
  ) {}

  /** A new task, or one of the same name that runs again. Throws {@link Refused} for a map that cannot become a task. */
  async submit(given: unknown, parentTid: number | null, call: Call): Promise<Submission> {
    const caller = identityOf(call);
    const parameters = this.checked(given, caller);
    await this.refuseUnserved(parameters);
    return this.take({ parameters, parentTid, changes: null }, call, caller);
  }

  /** `retry` with new parameters: the stored map with the changes merged in, submitted again under its own name. */
  async resubmit(taskId: number, changes: Parameters, call: Call): Promise<Submission> {
    const stored = await this.tasks.parameters(taskId);
    if (stored === null) return { code: 2, message: `jediTaskID=${taskId} not found`, taskId: null };
    const caller = identityOf(call);
    const old = JSON.parse(stored) as Parameters;
    const owned = ownedChanges(changes, { hasProductionRole: hasRole(caller, 'production', 'admin') });
    const merged = withChanges(old, owned);
    if (merged.prodSourceLabel !== old.prodSourceLabel) checkLabel(merged, caller);
    refuseFaults(changes, merged);
    refuse(nameFaults(merged, caller, old));
    if (merged.vo !== old.vo || merged.prodSourceLabel !== old.prodSourceLabel) await this.refuseUnserved(merged);
    return this.take({ parameters: merged, parentTid: null, changes: owned }, call, caller);
  }

  private checked(given: unknown, caller: Identity): Parameters {
    if (!isObject(given)) throw Refused.argument('failed to decode json');
    const owned = ownedParameters(given, {
      userName: caller.userName,
      hasProductionRole: hasRole(caller, 'production', 'admin'),
      workingGroup: caller.workingGroup,
    });
    checkLabel(owned, caller);
    refuseFaults(given, owned);
    refuse(nameFaults(owned, caller));
    return owned;
  }

  private async refuseUnserved({ vo, prodSourceLabel, workQueueName }: Parameters): Promise<void> {
    const task = { vo: String(vo), prodSourceLabel: String(prodSourceLabel), workQueueName: text(workQueueName) };
    if (unserved(await this.tables.workQueues(), task) === null) return;
    // The operator may have added the queue since the tables were read.
    this.tables.forget();
    const fault = unserved(await this.tables.workQueues(), task);
    if (fault !== null) refuse([fault]);
  }

  /** With an Idempotency-Key a repeat gets the first answer, also after the connection broke (reliability §3.7). */
  private take(intake: Intake, call: Call, caller: Identity): Promise<Submission> {
    const key = call.headers['idempotency-key'];
    if (typeof key !== 'string' || key === '') return this.tasks.transaction((tx) => this.takeOnce(tx, intake, call, caller));
    if (key.length > KEY_MAX) throw Refused.argument(`Idempotency-Key is longer than ${KEY_MAX} characters`);
    const request = { scope: 'task.submit', key, principal: caller.principal, body: JSON.stringify(intake) };
    return this.tasks.transaction(async (tx) => {
      const answer = async () => ({ status: 200, response: await this.takeOnce(tx, intake, call, caller) });
      const { response } = await once(tx, request, answer).catch(refuseMisuse);
      return response as Submission;
    });
  }

  private async takeOnce(tx: Tx, intake: Intake, call: Call, caller: Identity): Promise<Submission> {
    const submission = await this.judge(tx, intake);
    const { email, userName, vo } = caller;
    if (email !== undefined && submission.taskId !== null) await this.tasks.rememberMailAddress(tx, { userName, vo, email });
    await this.audit.record(tx, call, {
      method: intake.changes === null ? 'task.submit' : 'task.retry',
      object: submission.taskId === null ? null : `task:${submission.taskId}`,
      outcome: submission.taskId === null ? 'refused' : 'accepted',
      code: String(submission.code),
      summary: { taskName: intake.parameters.taskName, userName },
    });
    return submission;
  }

  private async judge(tx: Tx, intake: Intake): Promise<Submission> {
    const { parameters, changes } = intake;
    const { taskName, vo, prodSourceLabel: label } = parameters as { taskName: string; vo: string; prodSourceLabel: string };
    const userName = String(parameters.userName);
    const name = { vo, label, taskName, userName: parameters.official === true ? null : userName };
    // The lock also keeps the count of active tasks honest for parallel submissions of one name.
    await this.tasks.lockName(tx, name);
    const unique = changes !== null || (parameters.taskType === analysisTaskType && parameters.uniqueTaskName === true);
    const maxActiveTasks = this.maxActive(label, vo);
    const verdict = judgeSubmission({
      taskName,
      userName,
      isRetry: changes !== null,
      sameName: unique ? await this.tasks.sameName(tx, name) : null,
      activeTasks:
        maxActiveTasks === null ? 0 : await this.tasks.activeTasks(tx, { userName, label, ended: [...terminalTaskStatuses] }),
      maxActiveTasks,
    });
    if (verdict.action === 'insert') return this.insert(tx, intake, userName);
    const { action, code, message, jediTaskId } = verdict;
    if (jediTaskId !== null && action === 'incexec') await this.runAgain(tx, jediTaskId, changes ?? takenOver(parameters));
    if (jediTaskId !== null && action === 'update') await this.tasks.writeParameters(tx, jediTaskId, JSON.stringify(parameters));
    return { code, message, taskId: action === 'refuse' ? null : jediTaskId };
  }

  private async insert(tx: Tx, { parameters, parentTid }: Intake, userName: string): Promise<Submission> {
    const parent = await this.parentOf(tx, parameters, parentTid, userName);
    if (parent === undefined) {
      const { parentTaskName, parent_tid } = parameters;
      const sought =
        typeof parentTaskName === 'string'
          ? `user="${userName}" name=${parentTaskName}`
          : `jediTaskID=${String(parentTid ?? parent_tid)}`;
      const message = `failed to find parent with ${sought}`;
      return { code: submissionCode.parentNotFound, message, taskId: null };
    }
    const taskId = await this.tasks.insert(tx, {
      parent,
      status: taskStatus.registered,
      mirror: deftStatusOf(taskStatus.registered),
      vo: text(parameters.vo),
      label: text(parameters.prodSourceLabel),
      taskName: text(parameters.taskName),
      userName,
      priority: Number(parameters.taskPriority),
      currentPriority: Number(parameters.currentPriority ?? parameters.taskPriority),
      parameters: JSON.stringify(parameters),
      reqId: typeof parameters.reqID === 'number' ? parameters.reqID : null,
      workingGroup: text(parameters.workingGroup),
      countryGroup: text(parameters.countryGroup),
      taskType: text(parameters.taskType),
      processingType: text(parameters.processingType),
      framework: text(parameters.framework),
      actor: 'gateway',
    });
    await nudge(tx, topics.taskSubmitted, [taskId]);
    return { code: submissionCode.stored, message: `succeeded. new jediTaskID=${taskId}`, taskId };
  }

  /** Undefined: a parent is named that does not exist. */
  private async parentOf(
    tx: Tx,
    parameters: Parameters,
    parentTid: number | null,
    userName: string,
  ): Promise<number | null | undefined> {
    if (typeof parameters.parentTaskName === 'string') {
      return (await this.tasks.parentByName(tx, userName, parameters.parentTaskName)) ?? undefined;
    }
    const given = parentTid ?? (typeof parameters.parent_tid === 'number' ? parameters.parent_tid : null);
    if (given === null) return null;
    return (await this.tasks.ownerOf(given)) === null ? undefined : given;
  }

  /** The commando merges the changes into the stored map and sends the task back to refinement. */
  private runAgain(tx: Tx, jeditaskid: number, changes: Parameters): Promise<void> {
    return this.tasks.putCommand(tx, { jeditaskid, command: 'incexec', comment: null, parameters: JSON.stringify(changes) });
  }

  private maxActive(label: string, vo: string): number | null {
    return this.config.get(submissionLimits['MAX_ACTIVE_TASKS_PER_USER_<label>'], { vo, fill: { label } }) ?? null;
  }
}

/** Longest Idempotency-Key. */
const KEY_MAX = 200;
/** Tasks of the production system. */
const MANAGED = 'managed';

/** What the caller wrote is judged before some of it is set for the caller: a priority that is none is told, not replaced. */
function refuseFaults(given: Parameters, owned: Parameters): void {
  const written = numberFaults(given);
  const rest = taskParameterFaults(owned).filter(({ key }) => !written.some((fault) => fault.key === key));
  refuse([...written, ...rest]);
}

function refuse(faults: readonly ParameterFault[]): void {
  if (faults.length > 0) throw Refused.argument(sentence(faults));
}

function checkLabel({ prodSourceLabel }: Parameters, caller: Identity): void {
  if (prodSourceLabel === MANAGED && !hasRole(caller, 'production', 'admin')) {
    throw Refused.argument(`prodSourceLabel=${MANAGED} needs the production role`);
  }
}

/** New values over old ones; null deletes a key. */
function withChanges(old: Parameters, changes: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries({ ...old, ...changes }).filter(([key, value]) => value !== null || !Object.hasOwn(changes, key)),
  );
}

function refuseMisuse(error: unknown): never {
  throw error instanceof KeyMisused ? Refused.argument(error.message) : error;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function sentence(faults: readonly { key: string; reason: string }[]): string {
  return faults
    .slice(0, 5)
    .map(({ key, reason }) => `${key} ${reason}`)
    .join('; ');
}
