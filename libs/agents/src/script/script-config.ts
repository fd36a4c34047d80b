import type { ScriptSettings } from './periodic-script.js';

/** Everything that is wrong with the configuration of periodic scripts. */
export class ScriptConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the configuration of the scripts is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ScriptConfigError';
  }
}

const ATTRIBUTES = new Set(['enable', 'period', 'sync', 'loop', 'module', 'arguments']);

/**
 * Reads the JSON of the daemon configuration: `{"<name>": {"enable", "period", "sync", "loop", "module", "arguments"}}`, the
 * period in seconds. Throws {@link ScriptConfigError} with all that is wrong. Spec: Using PanDA Daemon › Descriptions of config.
 */
export function parseScriptConfig(text: string): ScriptSettings[] {
  const root = parsed(text);
  if (!isObject(root)) throw new ScriptConfigError(['it is not an object of scripts by name']);
  const problems: string[] = [];
  const settings = Object.entries(root).map(([name, attributes]) => settingsOf(name, attributes, problems));
  if (problems.length > 0) throw new ScriptConfigError(problems);
  return settings;
}

function settingsOf(name: string, given: unknown, problems: string[]): ScriptSettings {
  const wrong = (what: string): void => void problems.push(`${name}: ${what}`);
  const attributes = isObject(given) ? given : {};
  if (!isObject(given)) wrong('is not an object');
  for (const key of Object.keys(attributes)) if (!ATTRIBUTES.has(key)) wrong(`'${key}' is no attribute of a script`);
  const flag = (key: string, byDefault: boolean): boolean => {
    const value = attributes[key] ?? byDefault;
    if (typeof value !== 'boolean') wrong(`${key} is neither true nor false`);
    return value === true;
  };
  return {
    name,
    module: moduleOf(name, attributes.module, wrong),
    enable: flag('enable', true),
    periodMs: periodOf(attributes.period, wrong) * 1_000,
    sync: flag('sync', false),
    loop: flag('loop', false),
    arguments: argumentsOf(attributes.arguments, wrong),
  };
}

function moduleOf(name: string, value: unknown, wrong: (what: string) => void): string {
  if (value === undefined) return name;
  if (typeof value === 'string' && value !== '') return value;
  wrong('module is not a text');
  return name;
}

function periodOf(value: unknown, wrong: (what: string) => void): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  wrong(value === undefined ? 'period is mandatory' : 'period is not a positive number of seconds');
  return 1;
}

function argumentsOf(value: unknown, wrong: (what: string) => void): (string | number)[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((part) => typeof part === 'string' || typeof part === 'number')) return value;
  wrong('arguments is not a list of texts and numbers');
  return [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScriptConfigError([`it is not JSON: ${(error as Error).message}`]);
  }
}
