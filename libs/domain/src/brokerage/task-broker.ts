import type { Random } from '../ports/random.js';
import { GIB } from '../task/task-sizes.js';
import type { TaskSpec } from '../task/task-spec.js';
import { type Facts, type Judgement, pass, reject } from './filter.js';
import type { StorageEndpoint } from './request.js';
import { groupRejections, type Rejection, type Verdict } from './verdict.js';

/** A place that can take the output of whole tasks. */
export interface Nucleus {
  readonly name: string;
  readonly isActive: boolean;
  readonly isBacklogged: boolean;
  /** Endpoint for each storage token the task writes with; `default` for output without a token. */
  readonly endpoints: ReadonlyMap<string, StorageEndpoint>;
  /** Whether job brokerage finds a queue for this nucleus (its hint). */
  readonly hasRunnableQueue: boolean;
  /** Events not yet used × CPU time of tasks there with at least this priority, HS06 s; grows as tasks are given to it. */
  readonly remainingWork: number;
  /** Input of the task that is there; undefined when there is no input to look for. */
  readonly input?: NucleusInput;
}

export interface NucleusInput {
  readonly diskBytes: number;
  readonly anyBytes: number;
  readonly totalBytes: number;
  readonly anyFiles: number;
  readonly totalFiles: number;
}

/** CONFIG keys of `jedi.taskbrokerage`; an absent row means the default. */
export interface TaskBrokerOptions {
  readonly diskThresholdGb: number;
  readonly inputSizeThresholdGb: number;
  readonly inputNumThreshold: number;
  readonly inputSizeFraction: number;
  readonly inputNumFraction: number;
  readonly minIoIntensityWithLocalData: number;
  readonly minInputSizeWithLocalDataGb: number;
  readonly maxTaskPrioWithLocalData: number;
}

export const defaultTaskBrokerOptions: TaskBrokerOptions = {
  diskThresholdGb: 102_400,
  inputSizeThresholdGb: 1,
  inputNumThreshold: 100,
  inputSizeFraction: 0.1,
  inputNumFraction: 0.1,
  minIoIntensityWithLocalData: 200,
  minInputSizeWithLocalDataGb: 10_000,
  maxTaskPrioWithLocalData: 800,
};

export interface TaskBrokerRequest {
  readonly task: TaskSpec;
  /** Tokens of the output and log datasets; `default` for those without. */
  readonly tokens: readonly string[];
  readonly isPrestaged: boolean;
}

export interface TaskBrokerResult {
  readonly nucleus: string | null;
  readonly verdict: Verdict;
}

/** Below this much remaining work nuclei are equal. */
const WORK_CUT_OFF = 50;
const TAPE_FACTOR = 0.001;
/** GB of output expected per HS06 s·day of remaining work: RW / 10 / day × 0.25. */
const reservedGb = (work: number) => (work / 10 / 24 / 3600) * 0.25;

interface Stage {
  readonly code: string;
  readonly judge: (nucleus: Nucleus, request: TaskBrokerRequest, options: TaskBrokerOptions) => Judgement;
}

const stages: readonly Stage[] = [
  { code: 'inactive', judge: (n) => (n.isActive ? pass : reject()) },
  {
    code: 'backlogged',
    judge: (n, { task }) => (n.isBacklogged && (task.splitRule.get('t1Weight') ?? 0) >= 0 ? reject() : pass),
  },
  { code: 'endpoint', judge: missingEndpoint },
  { code: 'space', judge: fullEndpoint },
  { code: 'queues', judge: (n) => (n.hasRunnableQueue ? pass : reject()) },
];

/**
 * The nucleus that gathers a task's output: named by the task, else drawn among those that can take it, by weight.
 * Spec: JEDI › Task Broker. panda-jedi:pandajedi/jedibrokerage/AtlasProdTaskBroker.py@42f4bb41.
 */
export function brokerTask(
  request: TaskBrokerRequest,
  nuclei: readonly Nucleus[],
  options: TaskBrokerOptions,
  random: Random,
): TaskBrokerResult {
  const named = request.task.nucleus;
  const candidates = named === null ? nuclei : nuclei.filter((n) => n.name === named);
  const { passed, rejections } = filtered(candidates, request, options);
  const close = withInput(passed, request, options, rejections);
  const weighed = close.map((nucleus) => ({ nucleus, weight: nucleusWeight(nucleus) }));
  const drawn = drawByWeight(weighed, random);
  return {
    nucleus: drawn?.name ?? null,
    verdict: {
      broker: 'task',
      candidates: candidates.length,
      preassigned: named === null ? [] : [named],
      funnel: [],
      rejected: groupRejections(rejections),
      chosen: weighed.map(({ nucleus, weight }) => ({ queue: nucleus.name, weight })),
    },
  };
}

function filtered(candidates: readonly Nucleus[], request: TaskBrokerRequest, options: TaskBrokerOptions) {
  const rejections: Rejection[] = [];
  const passed = candidates.filter((nucleus) => {
    for (const { code, judge } of stages) {
      const judgement = judge(nucleus, request, options);
      if (judgement.passed) continue;
      rejections.push(rejection(nucleus, code, judgement.facts));
      return false;
    }
    return true;
  });
  return { passed, rejections };
}

const rejection = (nucleus: Nucleus, code: string, facts: Facts): Rejection => ({
  queue: nucleus.name,
  code,
  tag: `-${code}`,
  facts,
});

function missingEndpoint(nucleus: Nucleus, { tokens }: TaskBrokerRequest): Judgement {
  const token = tokens.find((t) => !nucleus.endpoints.has(t));
  return token === undefined ? pass : reject({ token });
}

function fullEndpoint(nucleus: Nucleus, { tokens }: TaskBrokerRequest, options: TaskBrokerOptions): Judgement {
  for (const token of tokens) {
    const endpoint = nucleus.endpoints.get(token);
    if (endpoint === undefined || endpoint.freeGb === null) continue;
    if (endpoint.isBlacklistedForWrite) return reject({ endpoint: endpoint.name, blacklisted: true });
    const free = endpoint.freeGb + (endpoint.expiredGb ?? 0) - reservedGb(nucleus.remainingWork);
    if (free < options.diskThresholdGb) {
      return reject({ needs: options.diskThresholdGb, offers: Math.floor(free), unit: 'GB', endpoint: endpoint.name });
    }
  }
  return pass;
}

/** Nuclei that hold enough of the input; all of them when none does and moving the input is acceptable. */
function withInput(
  passed: readonly Nucleus[],
  request: TaskBrokerRequest,
  options: TaskBrokerOptions,
  rejections: Rejection[],
): readonly Nucleus[] {
  const near = passed.filter((nucleus) => holdsInput(nucleus.input, request, options));
  if (near.length === passed.length || (near.length === 0 && mayMoveInput(passed, request, options))) return passed;
  for (const nucleus of passed) {
    if (near.includes(nucleus)) continue;
    const { input } = nucleus;
    rejections.push(rejection(nucleus, 'data', { needs: input?.totalFiles ?? 0, offers: input?.anyFiles ?? 0, unit: 'files' }));
  }
  return near;
}

function holdsInput(input: NucleusInput | undefined, { isPrestaged }: TaskBrokerRequest, options: TaskBrokerOptions): boolean {
  if (input === undefined) return true;
  if (isPrestaged) return input.anyFiles > 0;
  const bySize =
    input.totalBytes <= options.inputSizeThresholdGb * GIB || input.anyBytes >= options.inputSizeFraction * input.totalBytes;
  const byNumber = input.totalFiles <= options.inputNumThreshold || input.anyFiles >= options.inputNumFraction * input.totalFiles;
  return bySize && byNumber;
}

function mayMoveInput(passed: readonly Nucleus[], { task }: TaskBrokerRequest, options: TaskBrokerOptions): boolean {
  const bytes = Math.max(0, ...passed.map((n) => n.input?.totalBytes ?? 0));
  const light =
    (task.ioIntensity ?? 0) <= options.minIoIntensityWithLocalData && bytes <= options.minInputSizeWithLocalDataGb * GIB;
  return light || task.currentPriority >= options.maxTaskPrioWithLocalData;
}

/** Less remaining work, more of the input, not on tape, more free space. */
export function nucleusWeight(nucleus: Nucleus): number {
  const work = nucleus.remainingWork >= WORK_CUT_OFF ? 1 / nucleus.remainingWork : 1;
  const { input } = nucleus;
  const data = input === undefined || input.totalBytes === 0 ? 1 : input.anyBytes / input.totalBytes;
  const tape = input !== undefined && input.anyBytes > input.diskBytes ? TAPE_FACTOR : 1;
  const space = Math.min(1, ...[...nucleus.endpoints.values()].map(freePart));
  return work * data * tape * space;
}

function freePart({ freeGb, totalGb }: StorageEndpoint): number {
  return freeGb === null || totalGb === null || totalGb === 0 ? 1 : Math.max(0, freeGb / totalGb);
}

function drawByWeight(list: readonly { nucleus: Nucleus; weight: number }[], random: Random): Nucleus | undefined {
  const total = list.reduce((sum, item) => sum + item.weight, 0);
  let rest = random.next() * (total || list.length);
  for (const { nucleus, weight } of list) {
    rest -= total > 0 ? weight : 1;
    if (rest < 0) return nucleus;
  }
  return list.at(-1)?.nucleus;
}
