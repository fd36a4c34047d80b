import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, cpus, totalmem } from 'node:os';

/** The worker node as getJob and updateJob describe it. */
export interface NodeFacts {
  readonly cpuMhz: number;
  readonly memoryMb: number;
  readonly cpuModel: string;
  /** As /proc/cpuinfo says it, `512 KB`; undefined where it says nothing. */
  readonly cpuCache: string | undefined;
  readonly cores: number;
  readonly sockets: number;
  readonly avx2: boolean;
  readonly virtual: boolean;
  readonly level: string | undefined;
}

export function nodeFacts(): NodeFacts {
  const list = cpus();
  return factsOf(list[0]?.model ?? arch(), list[0]?.speed ?? 0, list.length, cpuInfo(), totalmem());
}

/** The same from given texts; `info` is the content of /proc/cpuinfo. */
export function factsOf(model: string, mhz: number, cores: number, info: string, memoryBytes: number): NodeFacts {
  const flags = new Set((/^flags\s*:\s*(.*)$/m.exec(info)?.[1] ?? '').split(' '));
  return {
    cpuMhz: mhz,
    memoryMb: memoryBytes / 1_048_576,
    cpuModel: model.replace(/\s+/g, ' ').trim(),
    cpuCache: /^cache size\s*:\s*(\d+ KB)/m.exec(info)?.[1],
    cores,
    sockets: new Set(info.match(/^physical id\s*:.*$/gm) ?? ['one']).size,
    avx2: flags.has('avx2'),
    virtual: flags.has('hypervisor'),
    level: levelOf(flags),
  };
}

/** Micro-architecture levels of x86-64 (psABI) by the flags that tell them apart. */
const LEVELS: readonly (readonly [string, readonly string[]])[] = [
  ['x86_64-v4', ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl']],
  ['x86_64-v3', ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe', 'xsave']],
  ['x86_64-v2', ['cx16', 'lahf_lm', 'popcnt', 'sse4_1', 'sse4_2', 'ssse3']],
];

function levelOf(flags: ReadonlySet<string>): string | undefined {
  if (!flags.has('lm')) return undefined;
  return LEVELS.find(([, needed]) => needed.every((flag) => flags.has(flag)))?.[0] ?? 'x86_64-v1';
}

/**
 * `cpuConsumptionUnit`: `s+<model with N-Core Processor>[ <cache>] M-Socket[s][+AVX2]`.
 * Source: pilot3:pilot/util/workernode.py update_modelstring@a090538.
 */
export function consumptionUnit({ cpuModel, cpuCache, cores, sockets, avx2 }: NodeFacts): string {
  const model = withCores(cpuCache === undefined ? cpuModel : `${cpuModel} ${cpuCache}`, cores);
  return `s+${model} ${sockets}-Socket${sockets > 1 ? 's' : ''}${avx2 ? '+AVX2' : ''}`;
}

/** Models name their own number of cores, only the word, or nothing; the node's number stands in its place. */
function withCores(model: string, cores: number): string {
  const named = /(\d+-)?Core Processor|Processor/;
  return named.test(model) ? model.replace(named, `${cores}-Core Processor`) : `${model} ${cores}-Core Processor`;
}

/** Free space below `dir` in MB. */
export async function freeDiskMb(dir: string): Promise<number> {
  const disk = await statfs(dir);
  return Math.floor((disk.bavail * disk.bsize) / 1_048_576);
}

function cpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Not Linux: the model and number of cores from the system must do.
    return '';
  }
}
