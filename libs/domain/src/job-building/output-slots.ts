import type { OutputSlot, OutputStream } from './output-names.js';

/** A template of an output stream with the first serial number reserved for this cycle. */
export interface ReservedStream {
  readonly stream: OutputStream;
  readonly firstSerial: number;
}

/** How many file ids `jobs` jobs need. */
export const fileIdsNeeded = (streams: readonly ReservedStream[], jobs: number): number => streams.length * jobs;

/** The outputs of the n-th job (from 0) of a cycle, from its reserved serial numbers and file ids. */
export function outputSlots(streams: readonly ReservedStream[], fileIds: readonly number[], n: number): OutputSlot[] {
  return streams.map(({ stream, firstSerial }, i) => {
    const fileId = fileIds[n * streams.length + i];
    if (fileId === undefined) throw new RangeError(`no file id is reserved for output ${i} of job ${n}`);
    return { stream, fileId, serialNr: firstSerial + n };
  });
}
