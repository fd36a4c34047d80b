import { describe, expect, it } from '@jest/globals';
import { parseScriptConfig, ScriptConfigError } from './script-config.js';

const parse = (config: unknown): ReturnType<typeof parseScriptConfig> => parseScriptConfig(JSON.stringify(config));

function problemsOf(config: unknown): readonly string[] {
  try {
    parse(config);
  } catch (error) {
    if (error instanceof ScriptConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration of periodic scripts', () => {
  it('DAEMON-22 DAEMON-23 DAEMON-24 DAEMON-25 DAEMON-26 DAEMON-27 has the attributes of the specification, with their defaults', () => {
    expect(parse({ copyArchive: { period: 2400 } })).toEqual([
      {
        name: 'copyArchive',
        module: 'copyArchive',
        enable: true,
        periodMs: 2_400_000,
        sync: false,
        loop: false,
        arguments: [],
      },
    ]);
  });

  it('DAEMON-26 DAEMON-27 runs one script under several names with different arguments', () => {
    const config = {
      configurator: { period: 200, sync: true },
      network_configurator: { period: 400, sync: true, module: 'configurator', arguments: ['--network'] },
      add_main: { enable: false, period: 240, loop: true },
    };
    expect(parse(config)).toMatchObject([
      { name: 'configurator', module: 'configurator', sync: true, arguments: [] },
      { name: 'network_configurator', module: 'configurator', arguments: ['--network'] },
      { name: 'add_main', enable: false, loop: true },
    ]);
  });

  it('DAEMON-27 takes texts and numbers as arguments', () => {
    expect(parse({ 'run-me': { period: 1, arguments: ['dump', '-n', 100] } })[0]?.arguments).toEqual(['dump', '-n', 100]);
  });

  it('DAEMON-21 is refused with everything that is wrong', () => {
    const config = {
      a: {},
      b: { period: -1, sync: 'yes', module: 5, arguments: 'x' },
      c: { period: 10, perod: 10 },
      d: 7,
    };
    expect(problemsOf(config)).toEqual([
      'a: period is mandatory',
      'b: module is not a text',
      'b: period is not a positive number of seconds',
      'b: sync is neither true nor false',
      'b: arguments is not a list of texts and numbers',
      "c: 'perod' is no attribute of a script",
      'd: is not an object',
      'd: period is mandatory',
    ]);
  });

  it('DAEMON-21 is refused when it is no JSON object', () => {
    expect(() => parseScriptConfig('{')).toThrow('it is not JSON');
    expect(problemsOf([1])).toEqual(['it is not an object of scripts by name']);
  });
});
