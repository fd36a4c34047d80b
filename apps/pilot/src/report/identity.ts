import { hostname } from 'node:os';
import type { Variables } from '@panda/config';

/** Batch systems and the variable in which each tells a job its id. Spec: Pilot › jobinfo; pilot3:pilot/util/batchsystem. */
const BATCH_VARIABLES: readonly (readonly [variable: string, type: string])[] = [
  ['QSUB_REQNAME', 'PBS'],
  ['BQSCLUSTER', 'BQS'],
  ['PBS_JOBID', 'Torque'],
  ['LSB_JOBID', 'LSF'],
  ['JOB_ID', 'Grid Engine'],
  ['SLURM_JOB_ID', 'Slurm'],
  ['_CONDOR_JOB_AD', 'Condor'],
];

export interface BatchJob {
  readonly id: string;
  readonly type: string;
}

export function batchJob(variables: Variables): BatchJob | undefined {
  for (const [variable, type] of BATCH_VARIABLES) {
    const id = variables[variable];
    if (id !== undefined && id !== '') return { id, type };
  }
  return undefined;
}

/** `<log URL>|<tag>|<version>`, with the batch system's type in between when there is one. */
export function pilotId(logUrl: string, batch: BatchJob | undefined, tag: string, version: string): string {
  return [logUrl, ...(batch === undefined ? [] : [batch.type]), tag, version].join('|');
}

/** Host name as the server shall see it; HTCondor's slot goes in front. */
export function nodeName(variables: Variables, given: string | undefined): string {
  const host = given ?? hostname();
  const slot = variables._CONDOR_SLOT;
  return slot !== undefined && slot !== '' && !host.includes('@') ? `${slot}@${host}` : host;
}
