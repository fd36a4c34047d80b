import { type ParameterItem, Unrefinable } from './parameters.js';

/** Width of `jedi_datasets.attributes`. */
const WIDTH = 100;

/** Flags of an item that become a bare token, in the order the tokens are written. */
const bare: readonly (readonly [flag: string, token: string])[] = [
  ['check', 'cc'],
  ['usedup', 'ud'],
  ['random', 'rd'],
  ['reusable', 'ru'],
  ['indexConsistent', 'ic'],
  ['mergeOnly', 'mo'],
];

/** The `attributes` column of the dataset an item brings; null when it has none. Flags said to be false do not count. */
export function attributesOf(item: ParameterItem, extra: readonly string[] = []): string | null {
  const tokens: string[] = [];
  const said = (flag: string) => item[flag] !== undefined && item[flag] !== null && item[flag] !== false;
  if (typeof item.attributes === 'string' && item.attributes !== '') tokens.push(item.attributes);
  if (said('ratio')) tokens.push(`ratio=${decimal(item, 'ratio')}`);
  if (said('eventRatio')) tokens.push(`er=${decimal(item, 'eventRatio')}`);
  for (const [flag, token] of bare) if (said(flag)) tokens.push(token);
  if (said('offset')) tokens.push(`of=${whole(item, 'offset')}`);
  if (said('allowNoOutput')) tokens.push('an');
  if (said('nFilesPerJob')) tokens.push(`np=${whole(item, 'nFilesPerJob')}`);
  if (said('num_records')) tokens.push(`nr=${whole(item, 'num_records')}`);
  if (item.transient !== undefined && item.transient !== null) tokens.push(`tr=${item.transient ? 1 : 0}`);
  if (said('pseudo')) tokens.push('ps');
  tokens.push(...extra);
  const text = tokens.join(',');
  if (text.length > WIDTH) throw new Unrefinable(`attributes of dataset ${item.dataset} are longer than ${WIDTH} characters`);
  return text === '' ? null : text;
}

function whole(item: ParameterItem, flag: string): number {
  const value = Number(item[flag]);
  if (!Number.isInteger(value) || value < 0) throw new Unrefinable(`${flag} of dataset ${item.dataset} must be a whole number`);
  return value;
}

function decimal(item: ParameterItem, flag: string): number {
  const value = Number(item[flag]);
  if (!Number.isFinite(value) || value <= 0)
    throw new Unrefinable(`${flag} of dataset ${item.dataset} must be a positive number`);
  return value;
}
