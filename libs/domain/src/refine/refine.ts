import { SPLIT_RULE_WIDTH, type SplitRule, splitRuleValues } from '../split-rule/index.js';
import type { TaskSpec } from '../task/task-spec.js';
import { type RefineDefaults, withClientDefaults } from './client-defaults.js';
import { type FoundDatasets, hpoRequest, type InputDatasets, inputDatasets } from './input-datasets.js';
import { type OutputDataset, type OutputDatasets, outputDatasets } from './output-datasets.js';
import { jobParametersTemplate, numberOffsets } from './parameter-items.js';
import { isTrue, type ParameterItem, type TaskParameters, textOf, Unrefinable } from './parameters.js';
import { type PreprocessPlan, preprocessPlan, withPreprocessResult } from './preprocessing.js';
import { taskOf, withCloningDefaults } from './task-columns.js';
import { splitRuleOf } from './task-split-rule.js';
import { taskParameterFaults } from './validation.js';
import { type WorkQueue, workQueueFor } from './work-queue.js';

/** What the task's parent says; `unfinished` covers everything that still works. */
export interface ParentOfTask {
  readonly id: number;
  readonly state: 'complete' | 'unfinished' | 'corrupted';
}

export interface RefineRequest {
  readonly jediTaskId: number;
  readonly parameters: TaskParameters;
  /** The rule the row has already: kept, codes of the map on top. */
  readonly splitRule: SplitRule;
  /** Set for incremental execution: the task as it ran before. */
  readonly previous?: TaskSpec;
  /** The `toStaging` gate was passed. */
  readonly isStaged: boolean;
  /** JSON the preprocessing job left, once it ran. */
  readonly preprocessed?: TaskParameters;
}

/** Everything refinement needs to know of the world: a snapshot and pure functions of other parts of the domain. */
export interface RefineWorld extends RefineDefaults {
  readonly found: FoundDatasets;
  readonly parent?: ParentOfTask;
  readonly workQueues: readonly WorkQueue[];
  readonly isShare: (name: string) => boolean;
  /** Tags a task with its global share. */
  readonly shareOf: (task: TaskSpec) => string | undefined;
  readonly resourceTypeOf: (task: TaskSpec) => string | undefined;
  /** Unique text for dataset names made up here. */
  readonly unique: () => string;
}

/** All rows of a refined task, ready to be written in one transaction. */
export interface RefinedTask {
  readonly task: TaskSpec;
  readonly masters: InputDatasets['masters'];
  readonly secondaries: InputDatasets['secondaries'];
  readonly outputs: readonly OutputDataset[];
  readonly jobParamsTemplate: string;
  /** The map to store: with what the server filled in and the expanded lists. */
  readonly parameters: TaskParameters;
  /** Another task of the user with this name makes this one a duplicate. */
  readonly uniqueName: boolean;
  /** To be sent to the intelligent data delivery service before the task counts as refined. */
  readonly hpoRequest: Record<string, unknown> | null;
}

export type RefineOutcome =
  | { readonly kind: 'refined'; readonly refined: RefinedTask }
  | { readonly kind: 'preprocess'; readonly task: TaskSpec; readonly plan: PreprocessPlan; readonly parameters: TaskParameters }
  | { readonly kind: 'stage'; readonly reason: string }
  /** `freezes`: the pending time-out runs. `unknownDatasets` are remembered so that their arrival wakes the task. */
  | { readonly kind: 'wait'; readonly reason: string; readonly freezes: boolean; readonly unknownDatasets: readonly string[] }
  | { readonly kind: 'refuse'; readonly reason: string };

/**
 * Parameter map → task, datasets, templates. Nothing is decided half: every way that is not `refined` leaves no rows behind.
 * Spec: JEDI › Task Refiner. panda-jedi:pandajedi/jediorder/TaskRefiner.py@42f4bb41.
 */
export function refineTask(request: RefineRequest, world: RefineWorld): RefineOutcome {
  const faults = taskParameterFaults(request.parameters);
  if (faults.length > 0) return { kind: 'refuse', reason: faults.map((f) => `${f.key} ${f.reason}`).join('; ') };
  try {
    return refineValid(request, world);
  } catch (error) {
    if (error instanceof Unrefinable) return { kind: 'refuse', reason: error.reason };
    throw error;
  }
}

function refineValid(request: RefineRequest, world: RefineWorld): RefineOutcome {
  const map = completedMap(request, world);
  const task = tagged(taskOf(request.jediTaskId, map, ruleOf(map, request), world.parent?.id ?? null), map, world);
  if (map.toStaging !== undefined && !request.isStaged && request.previous === undefined) {
    return { kind: 'stage', reason: 'wait until staging is done' };
  }
  const held = heldByParent(task, world.parent);
  if (held) return held;
  const plan = preprocessPlan(map, task, request.preprocessed, world.unique);
  if (plan) return { kind: 'preprocess', task: plan.task, plan, parameters: map };
  const inputs = inputDatasets(map, task.vo, world.found, task.splitRule.get('hpoWorkflow'));
  if (inputs.unknown.length > 0 && request.previous === undefined) return unknownInput(task, inputs.unknown, world.parent);
  const kept = request.previous ? keptOnRerefine(task, request.previous) : task;
  return { kind: 'refined', refined: refinedTask(map, kept, inputs) };
}

function completedMap(request: RefineRequest, world: RefineWorld): TaskParameters {
  const filled = withPreprocessResult(request.parameters, request.preprocessed);
  return withCloningDefaults(withClientDefaults(filled, world));
}

function ruleOf(map: TaskParameters, request: RefineRequest): SplitRule {
  let rule = splitRuleOf(map, request.splitRule);
  const { randomSeed, firstEvent } = numberOffsets(map);
  if (randomSeed !== undefined) rule = rule.with('randomSeed', randomSeed);
  if (firstEvent !== undefined) rule = rule.with('firstEvent', firstEvent);
  if (request.preprocessed !== undefined) rule = rule.with('usePrePro', splitRuleValues.usePrePro.post);
  // Scouts that were off, or already done, are not run again for the input that incremental execution adds.
  if (request.previous && request.previous.splitRule.get('useScout') !== splitRuleValues.useScout.use) {
    rule = rule.with('useScout', splitRuleValues.useScout.no);
  }
  if (rule.toString().length > SPLIT_RULE_WIDTH)
    throw new Unrefinable(`the split rule is longer than ${SPLIT_RULE_WIDTH} characters`);
  return rule;
}

/** What was measured or scheduled before outlives incremental execution. */
function keptOnRerefine(task: TaskSpec, previous: TaskSpec): TaskSpec {
  const { ramCount, walltime, cpuTime, cpuTimeUnit, outDiskCount, workDiskCount, ioIntensity, diskIo } = previous;
  return { ...task, ramCount, walltime, cpuTime, cpuTimeUnit, outDiskCount, workDiskCount, ioIntensity, diskIo };
}

function tagged(task: TaskSpec, map: TaskParameters, world: RefineWorld): TaskSpec {
  const workQueueName = textOf(map, 'workQueueName');
  const queue = workQueueFor(world.workQueues, { ...task, workQueueName }, attributesFor(task));
  if (queue === undefined) throw new Unrefinable(noWorkQueue(task));
  const asked = textOf(map, 'gshare');
  const gshare = asked !== null && world.isShare(asked) ? asked : (world.shareOf(task) ?? UNDEFINED);
  return { ...task, workQueueId: queue.queueId, gshare, resourceType: world.resourceTypeOf({ ...task, gshare }) ?? UNDEFINED };
}

/** What PanDA writes when no share or no resource type fits. */
const UNDEFINED = 'Undefined';

function attributesFor(task: TaskSpec) {
  const { prodSourceLabel, processingType, workingGroup, coreCount, site, eventService, campaign } = task;
  return {
    prodSourceLabel,
    processingType,
    workingGroup,
    coreCount,
    site,
    eventService,
    campaign,
    splitRule: String(task.splitRule),
  };
}

function noWorkQueue(task: TaskSpec): string {
  const { prodSourceLabel, ...others } = attributesFor(task);
  const facts = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return `workqueue is undefined for vo=${task.vo} label=${prodSourceLabel} ${facts.join(' ')}`;
}

function heldByParent(task: TaskSpec, parent: ParentOfTask | undefined): RefineOutcome | undefined {
  if (parent?.state === 'corrupted') return { kind: 'refuse', reason: `parent task ${parent.id} failed to complete` };
  if (parent?.state !== 'unfinished' || task.splitRule.get('noWaitParent')) return undefined;
  return { kind: 'wait', reason: `pending until parent task ${parent.id} is done`, freezes: false, unknownDatasets: [] };
}

function unknownInput(task: TaskSpec, unknown: readonly string[], parent: ParentOfTask | undefined): RefineOutcome {
  const byParent = task.splitRule.get('noWaitParent') || parent?.state === 'unfinished';
  if (byParent) return { kind: 'wait', reason: 'pending until parent produces input', freezes: false, unknownDatasets: unknown };
  if (task.splitRule.get('waitInput')) {
    return { kind: 'wait', reason: 'pending until input is staged', freezes: true, unknownDatasets: unknown };
  }
  return { kind: 'refuse', reason: `unknown input dataset "${unknown.join(', ')}"` };
}

function refinedTask(map: TaskParameters, task: TaskSpec, inputs: InputDatasets): RefinedTask {
  const { outputs, values } = outputDatasets(map, {
    vo: task.vo,
    mergeOutput: task.splitRule.get('mergeOutput'),
    unmergedNameAtEnd: isTrue(map, 'umNameAtEnd'),
    objectStore: task.eventService > 0 ? textOf(map, 'objectStore') : null,
    destination: textOf(map, 'destination'),
  });
  return {
    task,
    masters: inputs.masters,
    secondaries: inputs.secondaries,
    outputs,
    jobParamsTemplate: templateOf(map, values, task),
    parameters: withExpandedLists(map, inputs.expanded),
    uniqueName: Boolean(map.uniqueTaskName) && task.splitRule.get('usePrePro') === undefined,
    hpoRequest: hpoRequest(map, task.jediTaskId),
  };
}

function templateOf(map: TaskParameters, values: OutputDatasets['values'], task: TaskSpec): string {
  return jobParametersTemplate(map, (item) => values.get(item) ?? item.value ?? '', task.eventService > 0);
}

/** The feeder finds an item's file filters by the dataset names it was expanded to. */
function withExpandedLists(map: TaskParameters, expanded: InputDatasets['expanded']): TaskParameters {
  const items = map.jobParameters as readonly ParameterItem[];
  const jobParameters = items.map((item) => (expanded.has(item) ? { ...item, expandedList: expanded.get(item) } : item));
  return { ...map, jobParameters };
}
