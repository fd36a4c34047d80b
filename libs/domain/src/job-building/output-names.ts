import { datasetName } from '../ports/ddm.js';

/** An output dataset of a task as jobs write into it: concrete, templates instantiated. */
export interface OutputStream {
  readonly datasetId: number;
  readonly datasetName: string;
  readonly containerName: string | null;
  readonly streamName: string;
  /** Type of the files: output or log, whatever the dataset is a template of. */
  readonly outtype: string;
  /** Type of their rows in the dataset where it differs: unmerged output is input of merge jobs (`trn_output`, `trn_log`). */
  readonly contentType?: string;
  readonly filenameTemplate: string;
  /** Comma list of `jedi_datasets.attributes`. */
  readonly attributes: string | null;
  readonly storageToken: string | null;
  readonly destination: string | null;
}

/** One output file to be: ids and serial number were reserved for it. */
export interface OutputSlot {
  readonly stream: OutputStream;
  readonly fileId: number;
  readonly serialNr: number;
}

const SERIAL_DIGITS = 6;

/** The file name of a slot: serial number (`${SN}`, `${SN/P}` six digits, `${SN:04d}`), middle name, ids. */
export function outputName(slot: OutputSlot, middleName: string): string {
  return slot.stream.filenameTemplate
    .replace(/\$\{SN(?:\/P)?\}/g, serialText(slot.serialNr))
    .replace(/\$\{SN:0?(\d{1,2})d?\}/g, (_, digits: string) => String(slot.serialNr).padStart(Number(digits), '0'))
    .replaceAll(`\${MIDDLENAME}`, middleName)
    .replaceAll('$JEDIFILEID', String(slot.fileId));
}

export const serialText = (serialNr: number) => String(serialNr).padStart(SERIAL_DIGITS, '0');

/** Ids a job brings into its file names and parameters. */
export interface JobIds {
  readonly pandaId: number;
  readonly jediTaskId: number;
  readonly jobsetId: number;
}

/** `$JEDITASKID`, `$PANDAID` (5 digits), `$JOBSETID` (6 digits). */
export function withIds(text: string, ids: JobIds): string {
  if (!text.includes('$')) return text;
  return text
    .replaceAll('$JEDITASKID', String(ids.jediTaskId))
    .replaceAll('$PANDAID', String(ids.pandaId).padStart(5, '0'))
    .replaceAll('$JOBSETID', String(ids.jobsetId).padStart(6, '0'));
}

export const scopeOf = (dataset: string): string => datasetName(dataset).scope;

/** The name of a dataset made from a template: the template's, without slashes at the end, and its own id. */
export const instantiatedName = (template: string, datasetId: number): string => `${template.replace(/\/+$/, '')}.${datasetId}`;
