import type { TaskSpec } from './task-spec.js';

/** Bytes. */
export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

/** Kept free on top of every working directory that a task declares. */
const WORK_DISK_MARGIN = 300 * MIB;
const hs06Units: readonly string[] = ['HS06sPerEvent', 'HS06sPerEventFixed', 'mHS06sPerEvent', 'mHS06sPerEventFixed'];

type Disk = Pick<TaskSpec, 'outDiskCount' | 'outDiskUnit' | 'workDiskCount' | 'workDiskUnit'>;
type Cpu = Pick<TaskSpec, 'cpuTime' | 'cpuTimeUnit' | 'cpuEfficiency' | 'baseWalltime'>;
type Ram = Pick<TaskSpec, 'ramUnit' | 'baseRamCount'>;

/** Output in bytes per event or per MB of input, as outputScalesWithEvents says. */
export function outDiskBytes(task: Disk): number {
  return Math.max(0, task.outDiskCount) * bytesPer(task.outDiskUnit);
}

export function outputScalesWithEvents(task: Disk): boolean {
  return task.outDiskUnit?.includes('PerEvent') ?? false;
}

/** Working directory in bytes, with its margin. */
export function workDiskBytes(task: Disk): number {
  return task.workDiskCount * bytesPer(task.workDiskUnit) + WORK_DISK_MARGIN;
}

function bytesPer(unit: string | null): number {
  if (unit?.startsWith('GB')) return GIB;
  if (unit?.startsWith('MB')) return MIB;
  return unit?.startsWith('kB') ? 1024 : 1;
}

/** Whether walltime follows from CPU time per event. */
export function usesHs06(task: Pick<Cpu, 'cpuTimeUnit'>): boolean {
  return task.cpuTimeUnit !== null && hs06Units.includes(task.cpuTimeUnit);
}

/** HS06 seconds per event; null when the task does not say. */
export function cpuTimePerEvent(task: Pick<Cpu, 'cpuTime' | 'cpuTimeUnit'>): number | null {
  if (!usesHs06(task) || task.cpuTime === null) return null;
  return task.cpuTimeUnit?.startsWith('m') ? task.cpuTime / 1000 : task.cpuTime;
}

export function ramIsPerCore(task: Ram): boolean {
  return task.ramUnit === 'MBPerCore' || task.ramUnit === 'MBPerCoreFixed';
}

/** Expected memory is lowered by this much, so that jobs near a limit are not sent to high-memory queues. Spec: Brokerage › step 2. */
export const RAM_COMPENSATION = 0.9;

/** Memory of a job in MB before compensation. */
export function jobRamMb(task: Ram, ramCount: number, cores: number): number {
  return ramIsPerCore(task) ? ramCount * cores + task.baseRamCount : ramCount;
}

/** Memory of a job in MB as brokerage and jobs state it. */
export function compensatedRamMb(ramMb: number): number {
  return Math.trunc(ramMb * RAM_COMPENSATION);
}

export interface CpuOfQueue {
  readonly cores: number;
  /** HS06 per core; 0 = unknown, taken as 1. */
  readonly corePower: number;
}

/**
 * Walltime in seconds of `events` events on a queue, without the part that does not scale. Spec: Job Sizing,
 * W ≥ cpuTime × nEvents / (C × P × cpuEfficiency) + baseTime. An efficiency of 0 means the estimate is not wanted.
 */
export function eventWalltimeS(task: Cpu, events: number, cpu: CpuOfQueue, consumers = 1): number {
  const perEvent = cpuTimePerEvent(task) ?? 0;
  if (task.cpuEfficiency === 0 || perEvent <= 0) return 0;
  return (perEvent * events) / cpu.cores / (cpu.corePower || 1) / (task.cpuEfficiency / 100) / consumers;
}
