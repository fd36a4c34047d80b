/** What is known of the queue of a job that no pilot has taken yet. */
export interface QueueAtAGlance {
  readonly queue: string;
  readonly share: string;
  /** Waiting jobs of the same share and queue, this one among them, and how many of them go first. */
  readonly waiting: number;
  readonly ahead: number;
  /** Jobs of the queue that pilots have. */
  readonly held: number;
  /** Workers of the queue that run, and that are on their way there. Both 0 where pilots come without Harvester. */
  readonly pilots: number;
  readonly pilotsComing: number;
}

export interface WaitingJobReason {
  readonly code: 'busy' | 'priority' | 'pilotstarting' | 'nopilot';
  readonly sentence: string;
  readonly unblock: string;
}

/**
 * Why an activated job waits, the nearest cause first: no pilot is there, one is on its way, all are at work, others go first.
 * Order of the hand-out: panda-server:pandaserver/taskbuffer/OraDBProxy.py `getJobs`@34d4b8f3.
 */
export function whyJobWaits(glance: QueueAtAGlance): WaitingJobReason {
  const { queue, share, waiting, ahead, held, pilots, pilotsComing } = glance;
  const place = ahead > 0 ? `${ahead} of ${waiting} waiting jobs of share ${share} go first` : `first in line in share ${share}`;
  const busy = held > 0 && pilots <= held;
  if (busy && pilotsComing === 0) {
    const sentence = `all slots of ${queue} are busy: ${counted(held, 'job')} ${held === 1 ? 'is' : 'are'} under way there; ${place}`;
    return { code: 'busy', sentence, unblock: `the end of ${counted(ahead + 1, 'job')} there, or more slots` };
  }
  if (pilotsComing > 0 && pilots <= held) {
    const sentence = `${counted(pilotsComing, 'pilot')} of ${queue} ${pilotsComing === 1 ? 'is' : 'are'} on the way; ${place}`;
    return { code: 'pilotstarting', sentence, unblock: 'the start of a pilot' };
  }
  if (ahead > 0) return { code: 'priority', sentence: `${place} at ${queue}`, unblock: 'a higher priority' };
  const sentence = `${place} at ${queue}: it waits for a pilot`;
  return { code: 'nopilot', sentence, unblock: 'a pilot of this queue' };
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
