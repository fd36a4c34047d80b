import { describe, expect, it } from '@jest/globals';
import { type QueueAtAGlance, whyJobWaits } from './waiting-job.js';

const glance: QueueAtAGlance = { queue: 'Q', share: 'User', waiting: 3, ahead: 0, held: 0, pilots: 0, pilotsComing: 0 };

describe('why an activated job waits', () => {
  it.each([
    ['no pilot is there', {}, 'nopilot', 'first in line in share User at Q: it waits for a pilot'],
    ['others go first', { ahead: 2 }, 'priority', '2 of 3 waiting jobs of share User go first at Q'],
    [
      'every pilot has a job',
      { held: 4, pilots: 4 },
      'busy',
      'all slots of Q are busy: 4 jobs are under way there; first in line in share User',
    ],
    [
      'every pilot has a job, and others go first',
      { held: 1, pilots: 1, ahead: 2 },
      'busy',
      'all slots of Q are busy: 1 job is under way there; 2 of 3 waiting jobs of share User go first',
    ],
    [
      'pilots that nobody counts have jobs',
      { held: 2 },
      'busy',
      'all slots of Q are busy: 2 jobs are under way there; first in line in share User',
    ],
    [
      'a pilot is on its way',
      { held: 1, pilots: 1, pilotsComing: 1 },
      'pilotstarting',
      '1 pilot of Q is on the way; first in line in share User',
    ],
    ['a pilot is free and about to ask', { held: 1, pilots: 2 }, 'nopilot', expect.stringContaining('it waits for a pilot')],
  ])('%s', (_, more, code, sentence) => {
    expect(whyJobWaits({ ...glance, ...more })).toMatchObject({ code, sentence, unblock: expect.any(String) });
  });
});
