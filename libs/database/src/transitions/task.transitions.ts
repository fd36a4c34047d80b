import {
  type Actor,
  deftStatusOf,
  type EventsOf,
  startingTaskStatuses,
  type TaskStatus,
  taskMachine,
  terminalTaskStatuses,
} from '@panda/domain';
import type { Session } from '../kernel/database.js';
import { moveTasks } from '../statements/task-moves.js';
import { type Moves, outcomeOf, planMove } from './plan.js';

export type TaskEvent = EventsOf<typeof taskMachine>;

export interface TaskMove {
  readonly ids: readonly number[];
  readonly event: TaskEvent;
  readonly actor: Actor;
  /** The claim under which the tasks were taken; rows somebody else claimed meanwhile are losers. */
  readonly claim?: string;
  /** Replaces errorDialog; `null` empties it; absent leaves it. */
  readonly errorDialog?: string | null;
  /** Gives the claim up with the move. Default: keep it. */
  readonly unlock?: boolean;
  /** frozenTime: `start` remembers when the task first stopped making progress, `clear` forgets it. Default: keep. */
  readonly frozen?: 'keep' | 'start' | 'clear';
  /** Sets modificationTime this many seconds back, so that the next agent's sweep takes the task at once. */
  readonly agedS?: number;
}

/** Seconds by which a task is aged that the next agent shall see at once. panda-jedi:pandajedi/jedicore/JediDBProxy.py@42f4bb41 */
export const AGED_AT_ONCE_S = 6 * 3600;

const statuses: readonly TaskStatus[] = taskMachine.states;

/**
 * The only writer of task states: fires one event on many tasks. Rows in a state where the event is not possible stay as
 * they are and are returned as losers. Throws {@link IllegalTransition} when the actor may never fire the event.
 */
export async function transitionTasks(session: Session, move: TaskMove): Promise<Moves> {
  const plan = planMove(taskMachine, move.event, move.actor);
  if (move.ids.length === 0) return { moved: [], losers: [] };
  const moved = await session.run(moveTasks, {
    ids: [...move.ids],
    sources: plan.sources,
    targets: plan.targets,
    memory: plan.memory,
    memoryName: plan.memoryName,
    statuses: [...statuses],
    mirrors: statuses.map(deftStatusOf),
    starting: [...startingTaskStatuses],
    terminal: [...terminalTaskStatuses],
    actor: move.actor,
    claim: move.claim ?? null,
    dialog: move.errorDialog ?? null,
    setDialog: move.errorDialog !== undefined,
    unlock: move.unlock ?? false,
    frozen: move.frozen ?? 'keep',
    agedS: move.agedS ?? 0,
  });
  return outcomeOf(move.ids, moved);
}
