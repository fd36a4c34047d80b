import { describe, expect, it } from '@jest/globals';
import { snakeCase } from './argument.js';
import * as operations from './operations.js';
import { ArgumentProblem, readArguments } from './read-arguments.js';
import { refusedMethods } from './refused.js';
import { allOperations } from './table.js';

const duplicates = (names: readonly string[]): string[] => names.filter((name, i) => names.indexOf(name) !== i);
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof ArgumentProblem) return error.message;
    throw error;
  }
  return '';
};

describe('the table of operations', () => {
  it('names every method and path once', () => {
    expect(duplicates(allOperations.map((o) => o.id))).toEqual([]);
    expect(
      duplicates([...allOperations.flatMap((o) => o.legacy?.methods ?? []), ...refusedMethods.flatMap((r) => r.legacy ?? [])]),
    ).toEqual([]);
    expect(duplicates([...allOperations.flatMap((o) => o.v1?.path ?? []), ...refusedMethods.flatMap((r) => r.v1 ?? [])])).toEqual(
      [],
    );
  });

  it('gives every operation a dialect, an access rule and a task id where the rule asks for an owner', () => {
    for (const { id, legacy, v1, access, args } of allOperations) {
      expect([id, legacy !== undefined || v1 !== undefined]).toEqual([id, true]);
      expect([id, Array.isArray(access.roles)]).toEqual([id, true]);
      if (access.ownerOf === 'task') expect([id, 'taskId' in args]).toEqual([id, true]);
    }
  });

  it('lets anonymous callers in only where the original does', () => {
    const open = allOperations.filter((o) => o.access.roles.length === 0).map((o) => o.legacy?.methods[0]);
    expect(open.sort()).toEqual(
      [
        'getTaskStatus',
        'getTaskParamsMap',
        'getPandaIDsWithTaskID',
        'getJobStatus',
        'getResourceTypes',
        'isAlive',
        'getSiteSpecs',
        'getJobStatisticsPerSite',
        'get_job_statistics_per_site_label_resource',
        'getCachePrefixes',
        'getCmtConfigList',
        'getPandaClientVer',
        'getJobStatisticsPerSiteResource',
        'getNumPilots',
        'getGShareStatus',
        'getServer',
      ].sort(),
    );
  });
});

describe('arguments', () => {
  const args = operations.finishTask.args;
  const v1 = { dialect: 'v1', cast: false, ignoreUnknown: false } as const;
  const form = { dialect: 'legacy', cast: true, ignoreUnknown: true } as const;

  it('are spelled in snake case by v1 and in the classic way by forms', () => {
    expect(snakeCase('prodSourceLabel')).toBe('prod_source_label');
    expect(
      readArguments(
        args,
        new Map<string, unknown>([
          ['task_id', 5],
          ['soft', true],
        ]),
        v1,
      ),
    ).toMatchObject({ taskId: 5, soft: true });
    expect(
      readArguments(
        args,
        new Map([
          ['jediTaskID', ['5']],
          ['soft', ['True']],
          ['else', ['x']],
        ]),
        form,
      ),
    ).toMatchObject({
      taskId: 5,
      soft: true,
      broadcast: false,
    });
  });

  it.each([
    ['1.5', 1.5],
    ['true', true],
    ['"12"', '12'],
    ['null', null],
    ['[]', []],
  ])('I08 v1 refuses %s for an integer', (_, value) => {
    expect(message(() => readArguments(args, new Map([['task_id', value]]), v1))).toMatch(/^(Type|Argument) error: /);
  });

  it.each(['12abc', '１２', '', '1e400', 'NaN', '9223372036854775808', '-1', '0', 'None'])(
    'I08 forms refuse "%s" for a task id',
    (text) => {
      expect(message(() => readArguments(args, new Map([['jediTaskID', [text]]]), form))).toMatch(/^(Type|Argument) error: /);
    },
  );

  it('cast "12.0" to 12 and "None" to nothing, as the original does', () => {
    const table = operations.getTasksModifiedSince.args;
    const raw = new Map([
      ['since', ['2021-11-22 00:00:00']],
      ['dn', ['None']],
      ['full', ['True']],
      ['min_task_id', ['12.0']],
      ['prod_source_label', ['user']],
    ]);
    expect(readArguments(table, raw, { dialect: 'v1', cast: true, ignoreUnknown: false })).toEqual({
      since: '2021-11-22 00:00:00',
      dn: null,
      full: true,
      minTaskId: 12,
      prodSourceLabel: 'user',
    });
  });

  it('name what is missing and what is unknown', () => {
    expect(message(() => readArguments(args, new Map(), v1))).toBe("Argument error: missing a required argument: 'task_id'");
    expect(
      message(() =>
        readArguments(
          args,
          new Map<string, unknown>([
            ['task_id', 1],
            ['x', 1],
          ]),
          v1,
        ),
      ),
    ).toBe('Argument error: got an unexpected keyword argument "x"');
  });

  it('turn repeated keys, single values and comma lists into lists', () => {
    const read = (values: string[]) => readArguments(operations.checkJobStatus.args, new Map([['ids', values]]), form).jobIds;
    expect(read(['1,2'])).toEqual([1, 2]);
    expect(read(['1', '2'])).toEqual([1, 2]);
    expect(read(['[1, 2]'])).toEqual([1, 2]);
  });
});
