import { type Topic, topics } from '@panda/contracts';
import { type TaskStatus, taskStatus } from '@panda/domain';
import type { Session } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import type { Moved } from '../transitions/plan.js';

/** Whose work a task is in each state; states that wait for nobody's work are not here. */
const waker: Partial<Record<TaskStatus, Topic>> = {
  [taskStatus.registered]: topics.taskSubmitted,
  [taskStatus.staged]: topics.taskSubmitted,
  [taskStatus.rerefine]: topics.taskSubmitted,
  [taskStatus.defined]: topics.taskRefined,
  [taskStatus.assigning]: topics.taskAssigning,
  [taskStatus.topreprocess]: topics.taskReady,
  [taskStatus.preprocessing]: topics.taskReady,
  [taskStatus.ready]: topics.taskReady,
  [taskStatus.scouting]: topics.taskReady,
  [taskStatus.running]: topics.taskReady,
  [taskStatus.prepared]: topics.taskPrepared,
  [taskStatus.scouted]: topics.taskPrepared,
  [taskStatus.passed]: topics.taskPrepared,
  [taskStatus.tobroken]: topics.taskPrepared,
  [taskStatus.toabort]: topics.taskPrepared,
  [taskStatus.aborting]: topics.taskCommanded,
  [taskStatus.finishing]: topics.taskCommanded,
  [taskStatus.toretry]: topics.taskCommanded,
  [taskStatus.toincexec]: topics.taskCommanded,
  [taskStatus.toreassign]: topics.taskCommanded,
};

/** Wakes the agent whose turn it is for each task that came back from waiting, or for which a wait is over. */
export async function wakeReleased(session: Session, moved: readonly Pick<Moved, 'id' | 'to'>[]): Promise<void> {
  const byTopic = new Map<Topic, number[]>();
  for (const { id, to } of moved) {
    const topic = waker[to as TaskStatus];
    if (topic) byTopic.set(topic, [...(byTopic.get(topic) ?? []), id]);
  }
  for (const [topic, ids] of byTopic) await nudge(session, topic, ids);
}
