import { describe, expect, it } from '@jest/globals';
import { operations, readArguments } from '@panda/contracts';
import type { HandedFile, HandedJob } from '@panda/database';
import fc from 'fast-check';
import { readWorker, readWorkerCounts } from '../harvester/worker-report.js';
import { jobDictionary } from './job-dictionary.js';
import { fittingLabels } from './job-labels.js';
import { readReport } from './job-report.js';

const file = (changes: Partial<HandedFile>): HandedFile => ({ lfn: 'f', type: 'input', fsize: 1, ...changes }) as HandedFile;
const job = (changes: Partial<HandedJob>): HandedJob =>
  ({
    pandaid: 1,
    attemptnr: 1,
    specialhandling: null,
    container_name: null,
    jobparameters: 'x',
    files: [],
    ...changes,
  }) as HandedJob;
const parts = {
  endpointOf: (token: string | null, direction: 'read' | 'write') => token ?? `${direction}-default`,
  secrets: null,
};

describe('the job dictionary', () => {
  it('aligns the lists with the files, the log apart', () => {
    const dictionary = jobDictionary(
      job({
        files: [
          file({ lfn: 'a', scope: 's', md5sum: 'ad:1' }),
          file({ lfn: 'b', fsize: 2 }),
          file({ lfn: 'o', type: 'output', scope: 't', destinationdblocktoken: 'ddd:X,Y' }),
          file({ lfn: 'l', type: 'log', guid: 'g', scope: 'u' }),
        ],
      }),
      parts,
    );
    expect(dictionary).toMatchObject({
      inFiles: 'a,b',
      fsize: '1,2',
      checksum: 'ad:1,NULL',
      scopeIn: 's,NULL',
      ddmEndPointIn: 'read-default,read-default',
      outFiles: 'o,l',
      destinationDBlockToken: 'dst:X,NULL',
      scopeOut: 't',
      logFile: 'l',
      logGUID: 'g',
      scopeLog: 'u',
    });
  });

  it('takes the steps out of the parameters and flags out of the special handling', () => {
    const dictionary = jobDictionary(
      job({
        jobparameters: '-p x <MULTI_STEP_EXEC>{"preprocess": {"command": "a"}}</MULTI_STEP_EXEC>',
        specialhandling: 'debug,lc,ho',
        cmtconfig: 'x86',
        container_name: 'docker://a',
      }),
      parts,
    );
    expect(dictionary).toMatchObject({
      jobPars: '-p x',
      preprocess: { command: 'a' },
      cmtConfig: '',
      debug: 'True',
      loopingCheck: 'False',
      isHPO: 'True',
      container_name: 'docker://a',
    });
    expect(jobDictionary(job({ jobparameters: 'a b', specialhandling: 'ej' }), parts).jobPars).toBe('YSBi');
    expect(jobDictionary(job({}), { ...parts, secrets: { k: 'v' } }).secrets).toBe('{"k":"v"}');
  });
});

describe('labels of a request', () => {
  it.each([
    ['user', 'production', 'user', true],
    ['user', 'production', 'managed', false],
    ['managed', 'production', 'managed', true],
    ['managed', 'production', 'user', false],
    ['managed', 'unified', 'user', true],
    ['unified', '', 'user', true],
    ['ptest', '', 'ptest', true],
    ['ptest', '', 'managed', false],
    [null, '', 'managed', true],
  ])('%s at a %s queue, job %s: %s', (asked, type, label, fits) => {
    expect(fittingLabels(asked, type)?.includes(label) ?? true).toBe(fits);
  });
});

const report = (fields: Record<string, unknown>, dialect: 'legacy' | 'v1' = 'legacy') =>
  readReport(
    readArguments(operations.updateJob.args, new Map(Object.entries(fields)), { dialect, cast: true, ignoreUnknown: true }),
    dialect,
  );

describe('reports of pilots', () => {
  it('read numbers as text or JSON, bytes as kB, negated codes as codes', () => {
    expect(
      report({
        jobId: '1',
        state: 'running',
        maxRSS: '1000',
        totRCHAR: '2048',
        rateRCHAR: 2048,
        pilotErrorCode: -1305,
        jobMetrics: 'leak=12.7 chi2=0.5 nEvents=3',
        startTime: '2026-11-22 07:25:51',
      }),
    ).toMatchObject({
      report: {
        pandaId: 1,
        state: 'running',
        attributes: {
          maxrss: 1000,
          totrchar: 2,
          raterchar: 2048,
          piloterrorcode: 1305,
          memory_leak: 12,
          memory_leak_x2: 0.5,
          starttime: new Date('2026-11-22T07:25:51Z'),
        },
      },
    });
    expect(report({ job_id: 1, job_status: 'running', rate_rchar: 2048 }, 'v1')).toMatchObject({
      report: { attributes: { raterchar: 2 } },
    });
  });

  it('keep the output report of final states only', () => {
    expect(report({ jobId: '1', state: 'running', xml: '{}' })).not.toHaveProperty('report.outputReport');
    expect(report({ jobId: '1', state: 'failed' })).toHaveProperty('report.outputReport', '');
    expect(report({ jobId: '1', state: 'finished', xml: '{}', metaData: '{"a": 1}' })).toMatchObject({
      report: { outputReport: '{}', metadata: '{"a": 1}' },
    });
  });

  it('I30 never throw, whatever a pilot sends', () => {
    const anything = fc.dictionary(
      fc.constantFrom('jobId', 'state', 'maxRSS', 'startTime', 'jobMetrics', 'xml', 'attemptNr', 'stdout'),
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constantFrom('finished', '1')),
    );
    fc.assert(fc.property(anything, (fields) => expect(report(fields)).toBeDefined()));
  });
});

describe('reports of Harvester', () => {
  it('a worker needs an id and a status; what cannot be read is left out', () => {
    expect(
      readWorker({ workerID: '7', status: 'running', nCore: 'x', startTime: 'never', batchID: 12, pandaid_list: [1] }),
    ).toEqual({ workerid: 7, status: 'running', batchid: '12', pandaids: ['1'] });
    for (const bad of [null, [], {}, { workerID: 1 }, { workerID: -1, status: 'x' }, { workerID: 1.5, status: 'x' }])
      expect(readWorker(bad)).toBeUndefined();
  });

  it('counts are numbers by job type, resource type and state', () => {
    expect(readWorkerCounts({ managed: { SCORE: { running: 2 } }, ANY: {} })).toEqual([
      { jobType: 'managed', resourceType: 'SCORE', status: 'running', n: 2 },
    ]);
    for (const bad of [null, [], { a: 1 }, { a: { b: 1 } }, { a: { b: { c: -1 } } }, { a: { b: { c: 'x' } } }])
      expect(readWorkerCounts(bad)).toBeUndefined();
  });
});
