import { describe, expect, it } from '@jest/globals';
import { isAnalysis, isBuild, readChecksum, readJob } from './job-definition.js';

const raw = {
  StatusCode: 0,
  PandaID: 77,
  attemptNr: '3',
  taskID: 42,
  prodUserID: 'alice',
  transformation: 'https://panda.example/trf/user/runGen-00-00-02',
  jobPars: '-r .',
  inFiles: 'a,b,a,NULL',
  scopeIn: 's.a,s.b,s.a,NULL',
  GUID: 'g1,g2,g1,NULL',
  fsize: '10,20,10,NULL',
  checksum: 'ad:1a2b3c,md:00ff,ad:1a2b3c,NULL',
  ddmEndPointIn: 'RSE1,NULL,RSE1,NULL',
  realDatasetsIn: 'd1,d2,d1,NULL',
  outFiles: 'o.1,x.log.tgz,o.2',
  scopeOut: 's.o1,s.o2',
  scopeLog: 's.log',
  logFile: 'x.log.tgz',
  logGUID: 'lg',
  realDatasets: 'do,dl,do2',
  ddmEndPointOut: 'R1,R2,R3',
  coreCount: 'NULL',
  maxWalltime: '100',
  loopingCheck: 'False',
  debug: 'True',
  allowNoOutput: 'o.2',
  writeToFile: 'inputFor_a:l1,l2^inputFor_b:l3',
  preprocess: { command: 'https://x/t', args: '--pre' },
  containerOptions: '{"containerExec": "echo hi"}',
};

describe('a job dictionary', () => {
  const job = readJob(raw);

  it('PILOT-job-06 PILOT-job-30 becomes a job with typed fields, whatever spelling the server used', () => {
    expect(job).toMatchObject({
      userId: 'alice',
      pandaId: '77',
      attemptNr: 3,
      taskId: '42',
      coreCount: 1,
      maxWalltimeS: 100,
      loopingCheck: false,
      debug: true,
    });
    expect(job).toMatchObject({
      preprocess: { command: 'https://x/t', args: '--pre' },
      postprocess: undefined,
      containerExec: 'echo hi',
    });
  });

  it('lists each input once, with its own column of every list', () => {
    expect(job.inputs).toEqual([
      {
        lfn: 'a',
        scope: 's.a',
        guid: 'g1',
        dataset: 'd1',
        endpoint: 'RSE1',
        bytes: 10,
        checksum: { kind: 'adler32', value: '001a2b3c' },
        storageToken: '',
      },
      {
        lfn: 'b',
        scope: 's.b',
        guid: 'g2',
        dataset: 'd2',
        endpoint: undefined,
        bytes: 20,
        checksum: { kind: 'md5', value: '00ff' },
        storageToken: '',
      },
    ]);
  });

  it('knows the log among the outputs by its name and counts scopes without it', () => {
    expect(job.log).toMatchObject({ lfn: 'x.log.tgz', scope: 's.log', endpoint: 'R2', guid: 'lg', isLog: true });
    expect(job.outputs).toMatchObject([
      { lfn: 'o.1', scope: 's.o1', endpoint: 'R1', mayBeMissing: false },
      { lfn: 'o.2', scope: 's.o2', endpoint: 'R3', mayBeMissing: true },
    ]);
  });

  it('PILOT-info-08 reads the input lists that a transform wants as files', () => {
    expect([...job.inputLists]).toEqual([
      ['inputFor_a', ['l1', 'l2']],
      ['inputFor_b', ['l3']],
    ]);
  });

  it('PILOT-job-19 takes a missing release for none, and less than one core for one', () => {
    expect(job).toMatchObject({ releaseName: '', coreCount: 1 });
    expect(readJob({ ...raw, swRelease: 'NULL', coreCount: '-3' })).toMatchObject({ releaseName: '', coreCount: 1 });
    expect(readJob({ ...raw, swRelease: 'Atlas-24.0.1' }).releaseName).toBe('Atlas-24.0.1');
    expect(readJob({ ...raw, outFiles: `${'x'.repeat(255)},x.log.tgz,o.2` }).outputs[0]?.lfn).toHaveLength(255);
  });

  it('is an analysis job by its transformation, a build job by its library', () => {
    expect(isAnalysis(job)).toBe(true);
    expect(isAnalysis({ transformation: 'Reco_tf.py' })).toBe(false);
    expect(isBuild(job)).toBe(false);
    expect(isBuild(readJob({ ...raw, outFiles: 'panda.1.lib.tgz,x.log.tgz,o.2' }))).toBe(true);
  });

  it.each([
    ['LFNTOOLONG', { outFiles: `${'x'.repeat(256)},x.log.tgz,o.2` }],
    ['BADOUTPUTFILENAME', { inFiles: '../etc,b,c,d' }],
    ['BADOUTPUTFILENAME', { inFiles: '-rf,b,c,d' }],
    ['BADOUTPUTFILENAME', { writeToFile: '../../x:l' }],
    ['NOTSAMELENGTH', { scopeIn: 'one' }],
    ['UNKNOWNCHECKSUMTYPE', { checksum: 'crc:1,ad:1,ad:1,ad:1' }],
  ])('PILOT-job-19 is refused with %s for %j', (errorName, change) => {
    expect(() => readJob({ ...raw, ...change })).toThrow(expect.objectContaining({ errorName }));
  });

  it('decodes parameters that a job flagged for encoding brings, and nothing that only looks like it', () => {
    const encoded = Buffer.from(`-j "" -p "a b"`).toString('base64');
    expect(readJob({ ...raw, jobPars: encoded }).parameters).toBe(`-j "" -p "a b"`);
    for (const plain of ['main', 'runthisjobnow123', '-r .']) expect(readJob({ ...raw, jobPars: plain }).parameters).toBe(plain);
  });

  it('takes a bare sum for md5, and NULL for none', () => {
    expect(readChecksum('ABCDEF')).toEqual({ kind: 'md5', value: 'abcdef' });
    expect(readChecksum('NULL')).toBeUndefined();
  });
});
