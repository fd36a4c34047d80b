/** The task parameter map as it was submitted: one JSON object. Unknown keys are kept and ignored. */
export type TaskParameters = Readonly<Record<string, unknown>>;

/** One element of `jobParameters`: a piece of the command line, a dataset, or both. Spec: User Guide › task parameters. */
export interface ParameterItem {
  readonly type: 'constant' | 'template';
  readonly value?: string;
  readonly param_type?: string;
  readonly dataset?: string;
  readonly [flag: string]: unknown;
}

/** Thrown where the map cannot become a task; the message is what the owner reads in errorDialog. */
export class Unrefinable extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'Unrefinable';
  }
}

/** Present and not null. An absent key and `null` mean the same to everyone who submits. */
export function isGiven(map: TaskParameters, key: string): boolean {
  return Object.hasOwn(map, key) && map[key] !== null && map[key] !== undefined;
}

/** `true` in the map: flags that must be said aloud. */
export function isTrue(map: TaskParameters, key: string): boolean {
  return Object.hasOwn(map, key) && map[key] === true;
}

/** Given and not false, 0 or empty. */
export function isTruthy(map: TaskParameters, key: string): boolean {
  return isGiven(map, key) && Boolean(map[key]);
}

/** The text of a key, null when absent; numbers become text as the original's database layer did. */
export function textOf(map: TaskParameters, key: string): string | null {
  if (!isGiven(map, key)) return null;
  const value = map[key];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Unrefinable(`${key} must be text`);
}

/** The number of a key, null when absent. Numeric text is a number: scripts send both. */
export function numberOf(map: TaskParameters, key: string): number | null {
  if (!isGiven(map, key)) return null;
  const value = map[key];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new Unrefinable(`${key} must be a number`);
  return number;
}

/** As numberOf, cut to a whole number as an integer column needs it. */
export function integerOf(map: TaskParameters, key: string): number | null {
  const number = numberOf(map, key);
  return number === null ? null : Math.trunc(number);
}

export function objectOf(map: TaskParameters, key: string): TaskParameters | null {
  const value = map[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TaskParameters) : null;
}

/** A list given as an array or as comma text; empty when absent. */
export function listOf(map: TaskParameters, key: string): readonly string[] {
  const value = isGiven(map, key) ? map[key] : [];
  const items = Array.isArray(value) ? value.map(String) : String(value).split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}
