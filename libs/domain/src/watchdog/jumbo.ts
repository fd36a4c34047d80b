/** Rows of CONFIG `jedi.JumboWatchDog.…`. panda-jedi:pandajedi/jedidog/JumboWatchDog.py@42f4bb41. */
export interface JumboSettings {
  readonly maxTasks: number;
  readonly minEventsDisable: number;
  readonly minEventsEnable: number;
  readonly maxEvents: number;
  readonly perTask: number;
  readonly perSite: number;
  readonly maxCurrentPriority: number;
  /** % done. */
  readonly progressToBoost: number;
  readonly maxFilesToBoost: number;
  readonly priorityWhenDisabled: number;
}

/** Settings from the rows that exist; some defaults follow from others. */
export function jumboSettings(given: Partial<JumboSettings>): JumboSettings {
  const maxTasks = given.maxTasks ?? 1;
  const minEventsDisable = given.minEventsDisable ?? 100_000;
  const minEventsEnable = given.minEventsEnable ?? minEventsDisable * 10;
  return {
    maxTasks,
    minEventsDisable,
    minEventsEnable,
    maxEvents: given.maxEvents ?? Math.floor((maxTasks * minEventsEnable) / 2),
    perTask: given.perTask ?? 1,
    perSite: given.perSite ?? 1,
    maxCurrentPriority: given.maxCurrentPriority ?? 500,
    progressToBoost: given.progressToBoost ?? 95,
    maxFilesToBoost: given.maxFilesToBoost ?? 500,
    priorityWhenDisabled: given.priorityWhenDisabled ?? 500,
  };
}

export interface JumboTask {
  readonly jediTaskId: number;
  readonly currentPriority: number;
  readonly isPinned: boolean;
  /** W waiting, R running, P pending, L lack, D disabled; null = never was. */
  readonly useJumbo: 'W' | 'R' | 'P' | 'L' | 'D' | null;
  readonly events: number;
  readonly eventsDone: number;
  readonly filesLeft: number;
  readonly activeJumboJobs: number;
  /** Its events can be handed out singly and a jumbo queue has its software. */
  readonly isConvertible: boolean;
}

export type JumboAction =
  | { readonly kind: 'disable' }
  | { readonly kind: 'kick' }
  | { readonly kind: 'setPriority'; readonly priority: number }
  | { readonly kind: 'enable'; readonly perTask: number; readonly perSite: number };
export type JumboDecision = JumboAction & { readonly jediTaskId: number };

const boostedPriority = 900;
const isJumbo = (t: JumboTask) => t.useJumbo !== null && t.useJumbo !== 'D';
const eventsLeft = (t: JumboTask) => Math.max(0, t.events - t.eventsDone);
const percentDone = (t: JumboTask) => (t.events === 0 ? 0 : (t.eventsDone * 100) / t.events);

/**
 * What the jumbo watchdog does in one pass: tasks with few events left lose their jumbo jobs, stuck ones are kicked, tasks near
 * their end are boosted, and the largest suitable tasks get jumbo jobs while the totals allow it. The boost asks how much is done;
 * the original compared what remains and so boosted nearly always.
 */
export function judgeJumbo(tasks: readonly JumboTask[], settings: JumboSettings): JumboDecision[] {
  const jumbo = tasks.filter((t) => isJumbo(t) && !t.isPinned);
  const kept = jumbo.filter((t) => eventsLeft(t) >= settings.minEventsDisable);
  const decisions = [
    ...jumbo
      .filter((t) => !kept.includes(t))
      .flatMap((t) => [act(t, { kind: 'disable' }), ...raised(t, settings.priorityWhenDisabled)]),
    ...tasks.filter((t) => t.useJumbo === 'D').flatMap((t) => raised(t, settings.priorityWhenDisabled)),
    ...kept.filter((t) => isNearlyDone(t, settings)).flatMap((t) => raised(t, boostedPriority)),
    ...kept
      .filter((t) => (t.useJumbo === 'P' || t.useJumbo === 'L') && t.activeJumboJobs === 0)
      .map((t) => act(t, { kind: 'kick' })),
  ];
  return [...decisions, ...enabled(tasks, kept, settings)];
}

function act(task: JumboTask, action: JumboAction): JumboDecision {
  return { jediTaskId: task.jediTaskId, ...action };
}

function raised(task: JumboTask, priority: number): JumboDecision[] {
  return task.currentPriority < priority ? [act(task, { kind: 'setPriority', priority })] : [];
}

function isNearlyDone(task: JumboTask, settings: JumboSettings): boolean {
  return percentDone(task) >= settings.progressToBoost && task.filesLeft < settings.maxFilesToBoost;
}

function enabled(tasks: readonly JumboTask[], running: readonly JumboTask[], settings: JumboSettings): JumboDecision[] {
  let count = running.length;
  let events = running.reduce((sum, t) => sum + eventsLeft(t), 0);
  const suitable = tasks
    .filter((t) => t.useJumbo === null && !t.isPinned && t.isConvertible && t.currentPriority < settings.maxCurrentPriority)
    .filter((t) => eventsLeft(t) >= settings.minEventsEnable)
    .toSorted((a, b) => eventsLeft(b) - eventsLeft(a) || a.jediTaskId - b.jediTaskId);
  const decisions: JumboDecision[] = [];
  for (const task of suitable) {
    if (count >= settings.maxTasks || events >= settings.maxEvents) break;
    count += 1;
    events += eventsLeft(task);
    decisions.push(act(task, { kind: 'enable', perTask: settings.perTask, perSite: settings.perSite }));
  }
  return decisions;
}
