import type { DatasetSpec } from '../dataset/dataset-spec.js';
import type { DatasetType } from '../dataset/dataset-type.js';
import { attributesOf } from './item-attributes.js';
import { datasetItems } from './parameter-items.js';
import { type ParameterItem, type TaskParameters, Unrefinable } from './parameters.js';

/** A new row of `jedi_output_template`: how the files of one output stream are named. */
export interface OutputTemplate {
  readonly streamName: string;
  readonly filenameTemplate: string;
  /** The first serial number. */
  readonly serialNr: number;
  readonly outtype: 'output' | 'log';
}

export interface OutputDataset {
  readonly dataset: DatasetSpec;
  readonly templates: readonly OutputTemplate[];
  /** What jobs write when outputs are merged later; its datasetID becomes the provenanceID of `dataset`. */
  readonly unmerged?: UnmergedDataset;
}

export interface UnmergedDataset {
  readonly dataset: DatasetSpec;
  readonly templates: readonly OutputTemplate[];
  /** The log leads the unmerged set: its row is the master of the others. */
  readonly isMaster: boolean;
}

export interface OutputDatasets {
  readonly outputs: readonly OutputDataset[];
  /** The value an output item prints in the command line: its stream instead of its file name template. */
  readonly values: ReadonlyMap<ParameterItem, string>;
}

const TEMPLATE_WIDTH = 256;
const NAME_WIDTH = 255;
/** Storage token of what is only written to be merged. */
const TO_MERGE = 'TOMERGE';

interface Growing {
  dataset: DatasetSpec;
  templates: OutputTemplate[];
  unmerged?: { dataset: DatasetSpec; templates: OutputTemplate[]; isMaster: boolean };
}

export interface OutputOptions {
  readonly vo: string;
  readonly mergeOutput: boolean;
  /** Append `.panda.um` instead of prefixing it. */
  readonly unmergedNameAtEnd: boolean;
  /** Endpoint for event service output, when the task uses it. */
  readonly objectStore: string | null;
  /** One destination for all outputs, when the task names it. */
  readonly destination: string | null;
}

/** Output and log datasets with their file name templates; several items may write into one dataset. */
export function outputDatasets(map: TaskParameters, options: OutputOptions): OutputDatasets {
  const outputs = new Map<string, Growing>();
  const values = new Map<ParameterItem, string>();
  const numbers = { output: 0, log: 0 };
  for (const item of datasetItems(map)) {
    const kind = item.param_type;
    if (item.type !== 'template' || item.dataset === undefined || (kind !== 'output' && kind !== 'log')) continue;
    const streamName = item.mergeOnly ? 'LOG_MERGE' : `${kind.toUpperCase()}${numbers[kind]}`;
    numbers[kind] += 1;
    const { template, value } = nameTemplate(item.value ?? '', streamName);
    values.set(item, value);
    addOutput(outputs, item, kind, { streamName, template }, options);
  }
  return { outputs: [...outputs.values()], values };
}

/** The file name template in the value of an output: `--out=NAME` → NAME; quotes are not part of a name. */
export function fileTemplateOf(value: string): string {
  return (value.split('=').at(-1) ?? '').replaceAll("'", '');
}

/** `--out=NAME` → template NAME, value `--out=${STREAM}`. */
function nameTemplate(value: string, streamName: string): { template: string; value: string } {
  const template = fileTemplateOf(value);
  if (template.length > TEMPLATE_WIDTH)
    throw new Unrefinable(`output file name template is longer than ${TEMPLATE_WIDTH} characters`);
  return { template, value: template === '' ? value : value.replaceAll(template, `\${${streamName}}`) };
}

interface Named {
  readonly streamName: string;
  readonly template: string;
}

function addOutput(
  outputs: Map<string, Growing>,
  item: ParameterItem,
  kind: 'output' | 'log',
  named: Named,
  options: OutputOptions,
) {
  const name = item.dataset ?? '';
  const growing = outputs.get(name) ?? { dataset: datasetOf(item, kind, named.streamName, options), templates: [] };
  outputs.set(name, growing);
  const serialNr = 1 + Number(item.offset ?? 0);
  growing.templates.push({ streamName: named.streamName, filenameTemplate: named.template, serialNr, outtype: kind });
  if (!options.mergeOutput || item.mergeOnly) return;
  growing.unmerged ??= { dataset: unmergedOf(growing.dataset, kind), templates: [], isMaster: kind === 'log' };
  const filenameTemplate = options.unmergedNameAtEnd ? `${named.template}.panda.um` : `panda.um.${named.template}`;
  growing.unmerged.templates.push({ streamName: named.streamName, filenameTemplate, serialNr: 1, outtype: kind });
}

function datasetOf(item: ParameterItem, type: DatasetType, streamName: string, options: OutputOptions): DatasetSpec {
  const datasetName = item.dataset ?? '';
  const width = options.mergeOutput ? NAME_WIDTH - 'panda.um.'.length : NAME_WIDTH;
  if (datasetName.length > width)
    throw new Unrefinable(`output dataset ${datasetName.slice(0, 40)}… is longer than ${width} characters`);
  if (!/^[A-Za-z0-9._:/@+%$={}-]+$/.test(datasetName)) throw new Unrefinable(`invalid characters in ${datasetName}`);
  const objectStore = type === 'output' && options.objectStore !== null ? [`os=${options.objectStore}`] : [];
  return {
    datasetName,
    containerName: typeof item.container === 'string' ? item.container : null,
    type,
    streamName,
    attributes: attributesOf(item, objectStore),
    storageToken: typeof item.token === 'string' ? item.token : null,
    destination: options.destination ?? (typeof item.destination === 'string' ? item.destination : null),
    vo: options.vo,
  };
}

function unmergedOf(merged: DatasetSpec, kind: 'output' | 'log'): DatasetSpec {
  const kept = (merged.attributes ?? '').split(',').filter((token) => token === 'an' || token.startsWith('ratio='));
  return {
    datasetName: `panda.um.${merged.datasetName}`,
    containerName: null,
    type: `tmpl_trn_${kind}`,
    streamName: merged.streamName,
    attributes: kept.length > 0 ? kept.join(',') : null,
    storageToken: TO_MERGE,
    destination: null,
    vo: merged.vo,
  };
}
