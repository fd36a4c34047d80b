import type { EventsOf } from '../machine/machine.js';
import { type JobStatus, jobMachine, jobStatus } from './job.machine.js';
import { jobsActive4Statuses } from './job-statuses.js';

type JobEvent = EventsOf<typeof jobMachine>;

/** Words a pilot or harvester may send as `state`, and what they are to the machine. `null`: attributes only. */
export const pilotStates = {
  starting: 'pilotStarting',
  running: 'pilotRunning',
  stagein: 'pilotStagingIn',
  stageout: 'pilotStagingOut',
  holding: 'pilotHolding',
  transferring: 'pilotTransferring',
  finished: 'reported',
  failed: 'reported',
} as const satisfies Record<string, JobEvent>;

export type PilotState = keyof typeof pilotStates;

export function isPilotState(text: string): text is PilotState {
  return Object.hasOwn(pilotStates, text);
}

/** The final states a pilot reports; the server stores `holding` and the report. */
export function isFinalReport(state: PilotState): boolean {
  return pilotStates[state] === 'reported';
}

export interface StoredJob {
  readonly status: JobStatus;
  readonly attemptNr: number;
  /** jobDispatcherErrorDiag: set while a pilot itself says holding or transferring, empty once a final report was taken. */
  readonly dispatcherDiag: string | null;
  readonly batchId: string | null;
  /** COMMANDTOPILOT. */
  readonly command: string | null;
}

export interface PilotUpdate {
  readonly state: PilotState;
  readonly attemptNr: number | null;
  readonly batchId: string | null;
}

/** Answers to a pilot beside a stored command. */
export const pilotReplies = { tobekilled: 'tobekilled', alreadydone: 'alreadydone' } as const;

/** What a pilot's own holding or transferring leaves in jobDispatcherErrorDiag; a final report empties it. */
export const waitingForFinalDiag = 'set to holding by the pilot, statechangetime';

export interface PilotUpdateVerdict {
  /** Name of the case that decided. */
  readonly rule: string;
  /** `ignore` stores nothing; `attributes` stores times and metrics; `transition` stores them and fires `event`. */
  readonly effect: 'ignore' | 'attributes' | 'transition' | 'batchMismatch';
  readonly event?: JobEvent;
  /** `null` stands for NULL: no command. */
  readonly command: string | null;
  /** The output report must be stored in the same transaction. */
  readonly storesReport: boolean;
}

interface Case {
  readonly name: string;
  readonly applies: (stored: StoredJob, incoming: PilotUpdate) => boolean;
  readonly effect: PilotUpdateVerdict['effect'];
  /** Absent: the stored command. */
  readonly reply?: string;
}

const hasDiag = (job: StoredJob) => (job.dispatcherDiag ?? '') !== '';
const isNumeric = (id: string) => /^\d+$/.test(id);
const says = (update: PilotUpdate, states: readonly PilotState[]) => states.includes(update.state);

/**
 * The cases in order; the first that applies decides.
 * Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py `updateJobStatus`@34d4b8f3.
 */
export const pilotUpdateCases: readonly Case[] = [
  {
    name: 'the attempt is not the stored one',
    applies: (job, up) => up.attemptNr !== null && up.attemptNr !== job.attemptNr,
    effect: 'ignore',
    reply: pilotReplies.tobekilled,
  },
  {
    name: 'a failed job hears no more',
    applies: (job, up) => job.status === jobStatus.failed && says(up, ['holding', 'transferring', 'starting', 'running']),
    effect: 'ignore',
    reply: pilotReplies.alreadydone,
  },
  {
    name: 'the job is not active',
    applies: (job) => !jobsActive4Statuses.includes(job.status),
    effect: 'ignore',
    reply: pilotReplies.tobekilled,
  },
  {
    name: 'no pilot holds the job',
    applies: (job, up) => job.status === jobStatus.throttled || (job.status === jobStatus.activated && !says(up, ['starting'])),
    effect: 'ignore',
    reply: pilotReplies.tobekilled,
  },
  {
    name: 'the batch id is another one',
    applies: (job, up) =>
      !!job.batchId && !!up.batchId && job.batchId !== up.batchId && !(isNumeric(job.batchId) && isNumeric(up.batchId)),
    effect: 'batchMismatch',
    reply: pilotReplies.tobekilled,
  },
  {
    name: 'the output already moves',
    applies: (job, up) =>
      job.status === jobStatus.transferring && !hasDiag(job) && (isFinalReport(up.state) || says(up, ['holding'])),
    effect: 'ignore',
    reply: pilotReplies.alreadydone,
  },
  {
    name: 'the final report was taken before',
    applies: (job, up) => job.status === jobStatus.holding && !hasDiag(job) && isFinalReport(up.state),
    effect: 'ignore',
    reply: pilotReplies.alreadydone,
  },
  { name: 'a merging job is out of the pilot’s hands', applies: (job) => job.status === jobStatus.merging, effect: 'ignore' },
  {
    name: 'a late heartbeat after the payload’s end',
    applies: (job, up) =>
      (job.status === jobStatus.holding || job.status === jobStatus.transferring) &&
      says(up, ['running', 'starting', 'stagein', 'stageout']),
    effect: 'ignore',
  },
  {
    name: 'holding stays holding',
    applies: (job, up) => job.status === jobStatus.holding && says(up, ['holding', 'transferring']),
    effect: 'ignore',
  },
  {
    name: 'transferring stays transferring',
    applies: (job, up) => job.status === jobStatus.transferring && says(up, ['transferring']),
    effect: 'attributes',
  },
  {
    name: 'a job that runs does not start again',
    applies: (job, up) =>
      says(up, ['starting']) && ([jobStatus.running, jobStatus.stagein, jobStatus.stageout] as JobStatus[]).includes(job.status),
    effect: 'attributes',
  },
  { name: 'the update is stored', applies: () => true, effect: 'transition' },
];

/**
 * What a pilot's update does to the stored job, and what the pilot is told. `stored` is null for an unknown PandaID.
 * A verdict that tells the pilot alreadydone or tobekilled never stores an output report.
 */
export function judgePilotUpdate(stored: StoredJob | null, incoming: PilotUpdate): PilotUpdateVerdict {
  if (stored === null) {
    return { rule: 'the job is unknown', effect: 'ignore', command: pilotReplies.tobekilled, storesReport: false };
  }
  const found = pilotUpdateCases.find((c) => c.applies(stored, incoming));
  if (found === undefined) throw new Error('the last case of pilotUpdateCases applies always');
  const command = found.reply ?? stored.command;
  if (found.effect !== 'transition') return { rule: found.name, effect: found.effect, command, storesReport: false };
  const event = stored.status === jobStatus.activated ? 'fetched' : pilotStates[incoming.state];
  return { rule: found.name, effect: 'transition', event, command, storesReport: isFinalReport(incoming.state) };
}
