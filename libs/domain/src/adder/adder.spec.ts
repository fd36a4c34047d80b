import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ddmErrorCode } from '../errors/server-codes.js';
import { type ExpectedFile, judgeOutput, type ReportedJob } from './judge-output.js';
import { parseOutputReport } from './output-report.js';

const GUID = '8f2b6a3e-0c4d-4c57-9a51-2f9d6a6b7c10';
const good = { guid: GUID, fsize: 12, adler32: '1a2b3c4d', surl: 'file:///x' };

describe('the output report of a pilot', () => {
  it('takes a GUID that pilot3 echoes as NULL for a log without one', () => {
    const parsed = parseOutputReport('{"x.log.tgz":{"guid":"NULL","fsize":14443,"adler32":"e626f27b","endpoint":"NULL"}}');
    expect(parsed.kind === 'files' && parsed.files.get('x.log.tgz')).toMatchObject({ guid: null, endpoint: null, fsize: 14_443 });
  });

  it('reads what real pilots send', () => {
    const parsed = parseOutputReport(
      JSON.stringify({ 'a.root': { ...good, endpoint: 'LOCAL_DISK' }, 'a.log.tgz': { guid: '', fsize: '7', adler32: 'abc' } }),
    );
    expect(parsed.kind === 'files' && [...parsed.files.values()]).toEqual([
      {
        lfn: 'a.root',
        guid: GUID,
        fsize: 12,
        adler32: '1a2b3c4d',
        md5: null,
        nEvents: null,
        lumiBlock: null,
        endpoint: 'LOCAL_DISK',
      },
      { lfn: 'a.log.tgz', guid: null, fsize: 7, adler32: '00000abc', md5: null, nEvents: null, lumiBlock: null, endpoint: null },
    ]);
  });

  it('is absent when a pilot sent none, and empty when it names no file', () => {
    for (const nothing of ['', ' ', null]) expect(parseOutputReport(nothing)).toEqual({ kind: 'absent' });
    expect(parseOutputReport('{}')).toEqual({ kind: 'files', files: new Map() });
  });

  it.each([
    ['<POOLFILECATALOG/>', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{"a": null}', 'attributes are missing'],
    ['{"a": {"fsize": -1}}', 'fsize'],
    ['{"a": {"fsize": 1.5}}', 'fsize'],
    ['{"a": {"fsize": 1, "adler32": "xyz"}}', 'adler32'],
    ['{"a": {"fsize": 1, "guid": "1234"}}', 'guid'],
  ])('I30 refuses %s', (text, reason) => {
    expect(parseOutputReport(text)).toEqual({ kind: 'malformed', reason: expect.stringContaining(reason) });
  });

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) =>
        ['files', 'absent', 'malformed'].includes(parseOutputReport(text).kind),
      ),
    );
  });
});

describe('what a report means for a job', () => {
  const expected = (lfn: string, more: Partial<ExpectedFile> = {}): ExpectedFile => ({
    lfn,
    scope: 'user.alice',
    type: 'output',
    jediTaskId: 1,
    datasetId: 2,
    fileId: 3,
    guid: null,
    dataset: 'd',
    endpoint: null,
    toBeMerged: false,
    ...more,
  });
  const job = (more: Partial<ReportedJob> = {}): ReportedJob => ({
    pandaId: 7,
    reportedStatus: 'finished',
    mayLack: () => false,
    wasAskedToStop: false,
    expected: [expected('a.root'), expected('a.log.tgz', { type: 'log' })],
    ...more,
  });
  const report = (files: Record<string, object>) => parseOutputReport(JSON.stringify(files));

  it('is good when every output is there, measured', () => {
    const verdict = judgeOutput(job(), report({ 'a.root': good, 'a.log.tgz': { fsize: 7, adler32: '1' } }));
    expect(verdict).toMatchObject({
      kind: 'good',
      needsMerge: false,
      files: [{ lfn: 'a.root' }, { lfn: 'a.log.tgz' }],
      absent: [],
    });
  });

  it('fails a job whose output is missing, keeping its log', () => {
    const verdict = judgeOutput(job(), report({ 'a.log.tgz': good }));
    expect(verdict).toMatchObject({
      kind: 'failed',
      code: ddmErrorCode.adder,
      diag: 'not in the output report: a.root',
      logs: [{ lfn: 'a.log.tgz' }],
    });
  });

  it('fails a job that finished without a report, though its log were all it had to make; with no file to make it is good', () => {
    const log = expected('a.log.tgz', { type: 'log' });
    const diag = 'the job finished without an output report';
    for (const files of [[log], [expected('a.root'), log]]) {
      expect(judgeOutput(job({ expected: files }), parseOutputReport(''))).toEqual({
        kind: 'failed',
        code: ddmErrorCode.adder,
        diag,
        logs: [],
      });
    }
    expect(judgeOutput(job({ expected: [log], mayLack: () => true }), parseOutputReport(null))).toMatchObject({
      kind: 'failed',
      diag,
    });
    expect(judgeOutput(job({ expected: [] }), parseOutputReport(''))).toMatchObject({ kind: 'good', files: [] });
    expect(judgeOutput(job({ reportedStatus: 'failed' }), parseOutputReport(''))).toMatchObject({ kind: 'failed', code: null });
  });

  it('accepts a missing output that the task declared optional, and a missing log', () => {
    expect(judgeOutput(job({ mayLack: (lfn) => lfn === 'a.root' }), report({}))).toMatchObject({
      kind: 'good',
      files: [],
      absent: [{ lfn: 'a.root' }, { lfn: 'a.log.tgz' }],
    });
  });

  it('fails a job that reports no size, or another GUID than it was given', () => {
    expect(judgeOutput(job(), report({ 'a.root': { adler32: '1' } }))).toMatchObject({
      kind: 'failed',
      diag: 'size or checksum is missing: a.root',
    });
    const other = '00000000-0000-4000-8000-000000000000';
    const withGuid = job({ expected: [expected('a.root', { guid: other })] });
    expect(judgeOutput(withGuid, report({ 'a.root': good }))).toMatchObject({
      kind: 'failed',
      code: ddmErrorCode.guidInconsistent,
    });
  });

  it('keeps the pilot’s own error of a failed job, and cancels one that was asked to stop', () => {
    expect(judgeOutput(job({ reportedStatus: 'failed' }), report({ 'a.log.tgz': good }))).toMatchObject({
      kind: 'failed',
      code: null,
      logs: [{ lfn: 'a.log.tgz' }],
    });
    expect(judgeOutput(job({ reportedStatus: 'failed', wasAskedToStop: true }), report({}))).toEqual({
      kind: 'cancelled',
      logs: [],
    });
  });

  it('wants a merge when an output was written to be merged', () => {
    const merging = job({ expected: [expected('a.root', { toBeMerged: true })] });
    expect(judgeOutput(merging, report({ 'a.root': good }))).toMatchObject({ kind: 'good', needsMerge: true });
  });
});
