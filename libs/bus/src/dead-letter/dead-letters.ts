import {
  type Database,
  type DeadLetterRow,
  type DeadLetterSelection,
  listDeadLetters,
  lockOpenDeadLetters,
  resolveDiscarded,
  resolveReplayed,
} from '@panda/database';
import type { Bus, Envelope, Replay } from '../bus.js';
import { Unprocessable } from '../failure.js';

/** Which dead letters; what is left out is any. At most `limit`, 100 when absent, oldest first. */
export type WhichDeadLetters = Partial<DeadLetterSelection>;

const LIMIT = 100;

/** The messages that were put aside: what operators list, replay once the cause is mended, or discard. */
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
  ) {}

  list(which: WhichDeadLetters = {}): Promise<DeadLetterRow[]> {
    return this.database.run(listDeadLetters, selection(which));
  }

  /**
   * Puts open dead letters back into their queues under their own message ids, so that one that had in fact succeeded has
   * no second effect. Returns their ids. A crash in between replays them twice, with the effect of once.
   */
  replay(which: WhichDeadLetters, by: string): Promise<number[]> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.run(lockOpenDeadLetters, selection(which));
      // The one place that asks the broker inside a transaction: the rows must stay ours until it has confirmed.
      await this.bus.replay(rows.map(replayOf));
      const resolved = await tx.run(resolveReplayed, { ids: rows.map(({ id }) => id), by });
      return resolved.map(({ id }) => id);
    });
  }

  /** Marks open dead letters as not to be handled. Returns their ids. */
  discard(which: WhichDeadLetters, by: string): Promise<number[]> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.run(lockOpenDeadLetters, selection(which));
      const resolved = await tx.run(resolveDiscarded, { ids: rows.map(({ id }) => id), by });
      return resolved.map(({ id }) => id);
    });
  }
}

function selection(which: WhichDeadLetters): DeadLetterSelection {
  const any = { ids: null, queue: null, reasonCode: null, state: null, failedAfter: null, failedBefore: null, limit: LIMIT };
  return { ...any, ...which };
}

function replayOf({ id, queue, envelope, raw }: DeadLetterRow): Replay {
  if (envelope) return { queue, content: { envelope: envelope as unknown as Envelope } };
  if (!raw) throw new Unprocessable('malformed', `the dead letter ${id} has neither envelope nor bytes`);
  return { queue, content: { raw } };
}
