import { readFileSync, statSync } from 'node:fs';

/** A plug-in of a queue as Harvester's configuration names it: `{"name": "...", "module": "...", …options}`. */
export interface PluginConfig {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface QueueConfig {
  readonly name: string;
  readonly label: string;
  readonly maxWorkers: number;
  /** Most workers started in one cycle. */
  readonly maxNewWorkersPerCycle: number;
  /** Most workers that may wait for a slot of the batch system. */
  readonly maxQueuedWorkers: number;
  /** `self`: as many workers as jobs wait. `slave`: as many as the server commands (unified pilot streaming). */
  readonly runMode: 'self' | 'slave';
  readonly submitter: PluginConfig;
  readonly monitor: PluginConfig;
  readonly sweeper: PluginConfig;
}

/** A queue configuration is wrong; every fault is in the message. */
export class QueueConfigError extends Error {}

type Raw = Readonly<Record<string, unknown>>;

const DEFAULT_MAX_WORKERS = 1;

/**
 * Queues of a Harvester configuration (`panda_queueconfig.json`). Templates (`queueStatus: template`, or a name ending in _TEMPLATE) give
 * defaults to the queues that name them; offline queues are left out. Spec: Installation › Harvester › queue configuration.
 * Throws {@link QueueConfigError}.
 */
export function readQueueConfig(text: string): QueueConfig[] {
  const all = objectOf(parse(text), 'the configuration');
  const faults: string[] = [];
  const queues: QueueConfig[] = [];
  for (const [name, value] of Object.entries(all)) {
    if (!isRecord(value)) faults.push(`${name} is no object`);
    else if (!isTemplate(name, value)) {
      const merged = inherit(name, value, all, faults);
      if (merged.queueStatus !== 'offline') queues.push(queueOf(name, merged, faults));
    }
  }
  if (faults.length > 0) throw new QueueConfigError(faults.join('; '));
  return queues;
}

function isTemplate(name: string, { queueStatus }: Raw): boolean {
  return queueStatus === 'template' || name.endsWith('_TEMPLATE');
}

function inherit(name: string, queue: Raw, all: Raw, faults: string[]): Raw {
  const template = queue.templateQueueName;
  if (template === undefined) return queue;
  const base = typeof template === 'string' ? all[template] : undefined;
  if (isRecord(base)) return { ...base, queueStatus: undefined, ...queue };
  faults.push(`${name} names the template ${JSON.stringify(template)}, which is not there`);
  return queue;
}

function queueOf(name: string, raw: Raw, faults: string[]): QueueConfig {
  const count = (key: string, fallback: number): number => {
    const value = raw[key] ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    faults.push(`${name}.${key} is no whole number`);
    return fallback;
  };
  const maxWorkers = count('maxWorkers', DEFAULT_MAX_WORKERS);
  return {
    name,
    label: typeof raw.prodSourceLabel === 'string' ? raw.prodSourceLabel : 'managed',
    maxWorkers,
    maxNewWorkersPerCycle: count('maxNewWorkersPerCycle', maxWorkers),
    maxQueuedWorkers: count('nQueueLimitWorker', count('nQueueLimitWorkerMax', maxWorkers)),
    runMode: raw.runMode === 'slave' ? 'slave' : 'self',
    submitter: pluginOf(name, 'submitter', raw, faults),
    monitor: pluginOf(name, 'monitor', raw, faults),
    sweeper: pluginOf(name, 'sweeper', raw, faults),
  };
}

function pluginOf(queue: string, role: string, raw: Raw, faults: string[]): PluginConfig {
  const value = raw[role];
  if (isRecord(value) && typeof value.name === 'string') {
    const { name, module: _module, ...options } = value;
    return { name, options };
  }
  faults.push(`${queue}.${role} has no name`);
  return { name: '', options: {} };
}

/** The configuration file, read again when it changed. A file that became wrong is reported once, and the last good one stays in force. */
export class QueueConfigFile {
  private readAtMs = Number.NaN;
  private queues: readonly QueueConfig[] | undefined;

  constructor(
    private readonly path: string,
    private readonly complain: (error: Error) => void,
  ) {}

  /** Throws {@link QueueConfigError} when there was never a good configuration. */
  current(): readonly QueueConfig[] {
    const changedMs = statSync(this.path, { throwIfNoEntry: false })?.mtimeMs;
    if (changedMs === this.readAtMs && this.queues !== undefined) return this.queues;
    try {
      if (changedMs === undefined) throw new QueueConfigError(`${this.path} is not there`);
      this.queues = readQueueConfig(readFileSync(this.path, 'utf8'));
    } catch (error) {
      if (this.queues === undefined) throw error;
      if (changedMs !== this.readAtMs) this.complain(error as Error);
    }
    this.readAtMs = changedMs ?? Number.NaN;
    return this.queues;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new QueueConfigError(`not JSON: ${(cause as Error).message}`, { cause });
  }
}

function objectOf(value: unknown, what: string): Raw {
  if (!isRecord(value)) throw new QueueConfigError(`${what} is no object`);
  return value;
}

export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
