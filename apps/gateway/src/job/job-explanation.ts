import { Injectable } from '@nestjs/common';
import type { ExplanationReply, ReasonReply } from '@panda/contracts';
import { JobQueryRepository, type JobRow } from '@panda/database';
import { dispatchedJobStatuses, jobStatus, whyJobWaits, workerStatus } from '@panda/domain';

/** Why a job is where it is: its place in the queue, the errors it ended with, and its history. */
@Injectable()
export class JobExplanation {
  constructor(private readonly jobs: JobQueryRepository) {}

  async explain(pandaId: number): Promise<(ExplanationReply & Record<string, unknown>) | null> {
    const [job] = await this.jobs.byIds([pandaId]);
    if (!job) return null;
    const [history, waiting] = await Promise.all([this.jobs.history(pandaId), this.waitingReasons(job)]);
    const reasons = [...waiting, ...commandReasons(job), ...errorReasons(job)];
    return {
      subject: 'job',
      id: pandaId,
      status: job.jobstatus,
      summary: reasons[0]?.sentence ?? `the job is ${job.jobstatus} at ${String(job.computingsite)}`,
      reasons,
      brokerage: null,
      queue: job.computingsite ?? null,
      task: job.jeditaskid,
      history: history.map((line) => ({
        at: line.modificationtime,
        status: line.jobstatus,
        queue: line.computingsite,
        by: line.modificationhost,
      })),
    };
  }

  private async waitingReasons(job: JobRow): Promise<ReasonReply[]> {
    return job.jobstatus === jobStatus.activated ? [await this.whyWaits(job)] : [];
  }

  /** Why no pilot has taken this activated job yet. */
  async whyWaits(job: { readonly pandaid: number; readonly [column: string]: unknown }): Promise<ReasonReply> {
    const queue = String(job.computingsite);
    const [line, slots] = await Promise.all([
      this.jobs.ahead(job.pandaid, jobStatus.activated),
      this.jobs.queueAtAGlance({ queue, held: dispatchedJobStatuses, running: RUNNING_WORKERS, coming: COMING_WORKERS }),
    ]);
    const glance = { queue, share: String(job.gshare), ...line, ...slots };
    const { code, sentence, unblock } = whyJobWaits(glance);
    return { code, severity: 'waiting', sentence, facts: { ...glance, priority: Number(job.currentpriority) }, unblock };
  }
}

const RUNNING_WORKERS = [workerStatus.running, workerStatus.idle];
const COMING_WORKERS = [workerStatus.pending, workerStatus.ready, workerStatus.submitted];

function commandReasons({ commandtopilot }: JobRow): ReasonReply[] {
  if (typeof commandtopilot !== 'string' || commandtopilot === '') return [];
  return [
    {
      code: 'command',
      severity: 'waiting',
      sentence: `the pilot is told ${commandtopilot} with its next update`,
      facts: { command: commandtopilot },
    },
  ];
}

/** Error fields of a job: number and text by component. */
const ERROR_FIELDS = ['pilot', 'exe', 'sup', 'ddm', 'brokerage', 'jobdispatcher', 'taskbuffer'] as const;

function errorReasons(job: JobRow): ReasonReply[] {
  return ERROR_FIELDS.flatMap((component): ReasonReply[] => {
    const code = Number(job[`${component}errorcode`] ?? 0);
    if (code === 0) return [];
    const diag = String(job[`${component}errordiag`] ?? '');
    return [
      { code: `${component}:${code}`, severity: 'note', sentence: errorSentence(component, code, diag), facts: { code, diag } },
    ];
  });
}

/** An error of a job in one line, for the job itself and for its task. */
export function errorSentence(component: string, code: number, diag: string | null): string {
  return `${component} error ${code}${diag ? `: ${diag}` : ''}`;
}
