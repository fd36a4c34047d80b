import type { PandaClient, TaskFilters, TaskRecord } from '@panda/client';
import { deftSubmitting, taskStatus, terminalTaskStatuses } from '@panda/domain';

/** Smaller numbers are requests (a workflow's or production request's), not tasks. panda-client:pandaclient/PBookCore.py@749e856 */
export const REQUEST_ID_END = 10_000_000;

/** Values of superStatus behind `show('run')` and `show('fin')`. panda-client:pandaclient/localSpecs.py@749e856 */
export const runSuperStatuses: readonly string[] = [taskStatus.running, deftSubmitting, taskStatus.registered, taskStatus.ready];
export const finSuperStatuses: readonly string[] = terminalTaskStatuses;

export interface TaskQuery {
  readonly limit: number;
  readonly since?: Date;
  /** Alternatives by attribute; the server is asked once for each combination, since it cuts at the limit before it matches patterns. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/** Tasks that match one of the combinations, each once, newest first. */
export async function queryTasks(client: PandaClient, { limit, since, filters }: TaskQuery): Promise<TaskRecord[]> {
  const answers = await Promise.all(combinations(filters).map((one) => client.tasks.list({ limit, since, filters: one })));
  const byId = new Map(answers.flat().map((task) => [task.jediTaskID, task]));
  return [...byId.values()].toSorted((a, b) => b.jediTaskID - a.jediTaskID).slice(0, limit);
}

/** All ways to take one value of each attribute. */
export function combinations(filters: TaskQuery['filters']): TaskFilters[] {
  return Object.entries(filters).reduce<TaskFilters[]>(
    (ways, [attribute, values]) => ways.flatMap((way) => values.map((value) => ({ ...way, [attribute]: value }))),
    [{}],
  );
}
