import { Injectable } from '@nestjs/common';
import { type BrokerageReply, type ExplanationReply, isObject, type ReasonReply } from '@panda/contracts';
import { TaskQueryRepository, type TaskRow } from '@panda/database';
import {
  commandStatus,
  dispatchedJobStatuses,
  isFinal,
  jobStatus,
  legalCommands,
  readCommandWord,
  restingTaskStatuses,
  type TaskStatus,
  taskMachine,
  taskStatus,
} from '@panda/domain';
import { errorSentence, JobExplanation } from '../job/job-explanation.js';
import { brokerageOf, type ExplainedBrokerage } from './brokerage-view.js';

/** Why a task is where it is, from what the agents stored when they decided (design §7). */
@Injectable()
export class TaskExplanation {
  constructor(
    private readonly tasks: TaskQueryRepository,
    private readonly jobs: JobExplanation,
  ) {}

  async explain(taskId: number): Promise<(ExplanationReply & Record<string, unknown>) | null> {
    const task = await this.tasks.byId(taskId);
    if (task === null) return null;
    const [verdicts, history, jobs, command, failure, waiting] = await Promise.all([
      this.tasks.verdicts(taskId),
      this.tasks.history(taskId),
      this.tasks.jobCounts(taskId),
      this.tasks.waitingCommand(taskId),
      this.tasks.commonestJobError(taskId, UNSUCCESSFUL_JOBS),
      this.tasks.firstWaitingJob(taskId, jobStatus.activated),
    ]);
    const brokered = verdicts.map(({ at, verdict }) => brokerageOf(at, verdict)).find((found) => found !== null) ?? null;
    const brokerage = brokered?.reply ?? null;
    const latest = verdicts.slice(0, 1).flatMap(({ kind, verdict }) => otherReasons(kind, verdict));
    const idle =
      waiting !== null && !jobs.some(({ jobstatus }) => (dispatchedJobStatuses as readonly string[]).includes(jobstatus));
    const reasons = [
      ...commandReason(command),
      ...(failure === null ? [] : [failureReason(taskId, failure)]),
      ...stateReasons(task, idle ? waitingJobs(jobs) : 0),
      ...(idle ? [await this.jobs.whyWaits(waiting)] : []),
      ...latest,
      ...brokerageReasons(brokerage),
    ].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    return {
      subject: 'task',
      id: taskId,
      status: task.status,
      summary: latest.find(({ severity }) => severity === 'blocked')?.sentence ?? summaryOf(task, reasons, brokered),
      reasons,
      brokerage,
      commands: legalCommands(task.status as TaskStatus),
      jobs: jobs.map(({ jobstatus, computingsite, n }) => ({ status: jobstatus, queue: computingsite, n })),
      history: history.map((line) => ({
        at: line.modificationtime,
        status: line.status,
        by: line.modificationhost,
        reason: line.reason,
      })),
    };
  }
}

/** A job that was closed was given back before it ran: its code says why, not what is wrong with the task. */
const UNSUCCESSFUL_JOBS = [jobStatus.failed, jobStatus.cancelled];

type JobCounts = Awaited<ReturnType<TaskQueryRepository['jobCounts']>>;
type CommonestError = NonNullable<Awaited<ReturnType<TaskQueryRepository['commonestJobError']>>>;

function waitingJobs(jobs: JobCounts): number {
  return jobs.filter(({ jobstatus }) => jobstatus === jobStatus.activated).reduce((sum, { n }) => sum + n, 0);
}

function failureReason(taskId: number, { component, code, diag, n, jobs }: CommonestError): ReasonReply {
  return {
    code: `${component}:${code}`,
    severity: 'note',
    sentence: `${n} of ${jobs} unsuccessful job${jobs === 1 ? '' : 's'} ended with ${errorSentence(component, code, diag)}`,
    facts: { code, diag, n, jobs },
    unblock: `each job and its error: panda jobs ${taskId} --unsuccessful`,
  };
}

const SEVERITIES: readonly ReasonReply['severity'][] = ['blocked', 'waiting', 'note'];

/**
 * A command that waits, or was refused. One that was taken keeps its word in the table after it is done (`killing`): the state of the
 * task tells what became of it.
 */
function commandReason(
  last: { readonly comm_cmd: string; readonly comm_comment: string | null } | null | undefined,
): ReasonReply[] {
  const read = last ? readCommandWord(last.comm_cmd) : undefined;
  if (read === undefined || read.status === commandStatus.taken) return [];
  const { command } = read;
  const facts = { command };
  if (read.status === commandStatus.waiting)
    return [{ code: 'command', severity: 'waiting', sentence: `the command ${command} waits for the commando`, facts }];
  const sentence = `the command ${command} was refused: ${last?.comm_comment ?? 'no reason is known'}`;
  return [{ code: 'command', severity: 'note', sentence, facts }];
}

/** What the state says, and that no pilot has taken one of so many waiting jobs; the dialogue is the agent's own sentence. */
function stateReasons(task: TaskRow, waiting: number): ReasonReply[] {
  const status = task.status as TaskStatus;
  const dialog = typeof task.errordialog === 'string' ? task.errordialog : '';
  const facts = { status, since: task.statechangetime instanceof Date ? task.statechangetime.toISOString() : null };
  if (isFinal(taskMachine, status)) {
    return dialog === '' ? [] : [{ code: status, severity: 'note', sentence: dialog, facts }];
  }
  const idle = waiting === 1 ? '1 job of the task waits for a pilot' : `${waiting} jobs of the task wait for a pilot`;
  const sentence = dialog || (waiting > 0 ? idle : (STATE_SENTENCES[status] ?? `the task is ${status}`));
  const resting = (restingTaskStatuses as readonly string[]).includes(status) || status === taskStatus.pending;
  const unblock = resting ? `one of: ${legalCommands(status).join(', ')}` : undefined;
  return [
    { code: status, severity: resting ? 'blocked' : 'waiting', sentence, facts, ...(unblock === undefined ? {} : { unblock }) },
  ];
}

const STATE_SENTENCES: Partial<Record<TaskStatus, string>> = {
  [taskStatus.registered]: 'the task waits for its parameters to be refined',
  [taskStatus.defined]: 'the task waits for the contents of its input datasets',
  [taskStatus.assigning]: 'the task waits for a destination',
  [taskStatus.ready]: 'the task waits for jobs to be made',
  [taskStatus.scouting]: 'scout jobs measure what the task needs',
  [taskStatus.scouted]: 'scouts are done; the rest of the jobs is about to be made',
  [taskStatus.running]: 'jobs of the task are under way',
  [taskStatus.throttled]: 'too many jobs of this kind wait already',
  [taskStatus.paused]: 'the task was paused',
  [taskStatus.exhausted]: 'the measured demands contradict the request; somebody must decide',
  [taskStatus.prepared]: 'all input is settled; the outcome is being worked out',
};

/** What throttlers decided, `{kind, rule, reason}`; splitting runs store `{code, sentence?, facts}`. */
function otherReasons(kind: string, verdict: unknown): ReasonReply[] {
  if (!isObject(verdict)) return [];
  const { rule, reason } = verdict;
  if (verdict.kind === 'throttled' && typeof rule === 'string' && typeof reason === 'string') {
    return [{ code: rule, severity: 'blocked', sentence: `no jobs are made for now: ${reason}`, facts: { by: 'throttler' } }];
  }
  if (typeof verdict.code !== 'string') return [];
  const facts = isObject(verdict.facts) ? (verdict.facts as ReasonReply['facts']) : {};
  const sentence = typeof verdict.sentence === 'string' ? verdict.sentence : `${kind}: ${verdict.code}`;
  return [{ code: verdict.code, severity: 'waiting', sentence, facts }];
}

function brokerageReasons(brokerage: BrokerageReply | null): ReasonReply[] {
  if (brokerage === null || brokerage.chosen.length > 0) return [];
  return brokerage.rejected.map(({ code, count, nearest }) => ({
    code,
    severity: 'blocked' as const,
    sentence: `${count} of ${brokerage.candidates} queues: ${code}${nearest ? ` (nearest: ${nearest.queue}, ${nearest.sentence})` : ''}`,
    facts: { count, candidates: brokerage.candidates },
  }));
}

function summaryOf(task: TaskRow, reasons: readonly ReasonReply[], brokered: ExplainedBrokerage | null): string {
  if (brokered !== null && brokered.reply.chosen.length === 0) return brokered.summary;
  return reasons[0]?.sentence ?? `the task is ${task.status}`;
}
