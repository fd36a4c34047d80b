import type { Actor } from '@panda/domain';
import type { Tx } from '../kernel/database.js';
import { type TaskEvent, transitionTasks } from './task.transitions.js';

/** A task whose claim was lost while an agent worked on it: somebody else has it, nothing is written. */
export class ClaimLost extends Error {
  constructor(readonly jediTaskId: number) {
    super(`task ${jediTaskId} is held by somebody else`);
    this.name = 'ClaimLost';
  }
}

/** What an agent's turn with a task came to. */
export interface TurnOutcome {
  readonly id: number;
  readonly event: TaskEvent;
  /** For the task's user; null empties what an earlier turn said. */
  readonly reason: string | null;
  /** Whether a task that is held makes no progress from now on, until somebody acts. */
  readonly freezes: boolean;
}

/** Fires the event and gives the claim up, in the caller's transaction. Throws {@link ClaimLost}: then nothing must be stored. */
export async function endTurn(tx: Tx, actor: Actor, claim: string, { id, event, reason, freezes }: TurnOutcome): Promise<void> {
  const frozen = event !== 'held' ? 'clear' : freezes ? 'start' : 'keep';
  const { moved } = await transitionTasks(tx, { ids: [id], event, actor, claim, errorDialog: reason, unlock: true, frozen });
  if (moved.length === 0) throw new ClaimLost(id);
}
