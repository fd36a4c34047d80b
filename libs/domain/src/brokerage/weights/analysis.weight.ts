import { GIB } from '../../task/task-sizes.js';

/** Numbers of the user guide's formula. */
export interface AnalysisLoad {
  /** G: worker nodes that asked for jobs in three hours; U: worker nodes that reported. */
  readonly askingNodes: number;
  readonly activeNodes: number;
  /** R: most running jobs in a day. */
  readonly maxRunning: number;
  readonly defined: number;
  /** A: activated or starting; T: waiting for input. */
  readonly activated: number;
  readonly assigned: number;
  /** P: not defined by the text, 1 unless the operator says more. */
  readonly sitePower?: number;
}

/** X: bytes of the input at the queue. */
export interface AnalysisInput {
  readonly transferEnabled: boolean;
  readonly isLocal: boolean;
  readonly diskBytes: number;
  readonly tapeBytes: number;
}

/** Spec: User Guide › FAQ: 1 or 0 without transfers, else 1 + size / 10 GB on disk, 1 + size / 1000 GB on tape, else 1. */
export function dataFactor(input: AnalysisInput): number {
  if (!input.transferEnabled) return input.isLocal ? 1 : 0;
  if (input.diskBytes > 0) return 1 + input.diskBytes / (10 * GIB);
  return 1 + input.tapeBytes / (1000 * GIB);
}

/** W = (1 + G / (U + 1)) × (R + 1) × P × X / (D + A + T); an empty queue counts as one waiting job. Spec: User Guide › FAQ. */
export function analysisWeight(load: AnalysisLoad, input: AnalysisInput): number {
  const waiting = Math.max(1, load.defined + load.activated + load.assigned);
  const nodes = 1 + load.askingNodes / (load.activeNodes + 1);
  return (nodes * (load.maxRunning + 1) * (load.sitePower ?? 1) * dataFactor(input)) / waiting;
}
