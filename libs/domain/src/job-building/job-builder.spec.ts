import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { lookupKey } from '../refine/input-datasets.js';
import { type RefinedTask, refineTask } from '../refine/refine.js';
import { SplitRule } from '../split-rule/index.js';
import type { InputChunk, InputStream } from '../splitting/input-chunk.js';
import { InputCursor } from '../splitting/input-cursor.js';
import { splitLimits } from '../splitting/split-limits.js';
import { cutSubChunk } from '../splitting/sub-chunk.js';
import { aChunk, aFile, aQueue, aStream, aTask, files } from '../test-builders/planning.js';
import { libDatasetName, makeBuildJob } from './build-job.js';
import type { BuiltJob } from './built-job.js';
import { JobBuilder, type JobInput, type JobPlan, UnbuildableTask } from './job-builder.js';
import type { OutputStream } from './output-names.js';
import { instantiatedName } from './output-names.js';
import { outputSlots } from './output-slots.js';
import { makePreprocessJob } from './preprocess-job.js';

const recorded = (name: string): RefinedTask => {
  const map = JSON.parse(readFileSync(new URL(`../refine/fixtures/${name}.json`, import.meta.url), 'utf8'));
  const names = ['user.bob.in/', 'user.bob.sec/', 'user.bob.evnt/'].map(
    (n) => [lookupKey({ name: n, expand: true }), [n.slice(0, -1)]] as const,
  );
  const outcome = refineTask(
    {
      jediTaskId: 42,
      parameters: { userName: 'Alice', taskPriority: 1000, taskType: 'anal', ...map },
      splitRule: SplitRule.empty,
      isStaged: false,
    },
    {
      serverUrl: 'http://panda.example',
      found: new Map(names),
      workQueues: [
        { queueId: 3, name: 'user', type: 'user', vo: 'any', order: null, isActive: true, criteria: null, variables: null },
      ],
      isShare: () => false,
      shareOf: () => 'User Analysis',
      resourceTypeOf: () => 'SCORE',
      unique: () => 'u',
    },
  );
  if (outcome.kind !== 'refined') throw new Error(JSON.stringify(outcome));
  return outcome.refined;
};

/** Output streams as the database would give them: ids from 100. */
const streamsOf = (r: RefinedTask): OutputStream[] =>
  r.outputs.map(({ dataset, templates }, i) => ({
    datasetId: 100 + i,
    datasetName: dataset.datasetName,
    containerName: dataset.containerName,
    streamName: dataset.streamName ?? '',
    outtype: templates[0]?.outtype ?? 'output',
    filenameTemplate: templates[0]?.filenameTemplate ?? '',
    attributes: dataset.attributes,
    storageToken: dataset.storageToken,
    destination: dataset.destination,
  }));

const queue = aQueue('MYSITE', { maxwdir: 20_000, maxtime: 86_400, corepower: 10 });
const candidate = { queue: 'MYSITE', weight: 1, nQueued: 0, queuedCap: null };
const planOf = (changes: Partial<JobPlan>): JobPlan => ({
  task: aTask(),
  parameters: {},
  jobParamsTemplate: '',
  isMerging: false,
  useScout: false,
  ramCount: 0,
  activeJobs: null,
  host: 'generator-1',
  resourceTypeOf: () => 'SCORE',
  ...changes,
});

function buildAll(plan: JobPlan, chunk: InputChunk, streams: OutputStream[], extra: Partial<JobInput> = {}): BuiltJob[] {
  const builder = new JobBuilder(plan);
  const cursor = new InputCursor(chunk);
  const limits = splitLimits(chunk, queue);
  const reserved = streams.map((stream) => ({ stream, firstSerial: 1 }));
  const ids = Array.from({ length: 1000 }, (_, i) => 5000 + i);
  const jobs: BuiltJob[] = [];
  for (let sub = cutSubChunk(cursor, limits); sub !== undefined; sub = cutSubChunk(cursor, limits)) {
    const n = jobs.length;
    jobs.push(
      builder.build({ pandaId: 900 + n, queue, candidate, subChunk: sub, outputs: outputSlots(reserved, ids, n), ...extra }),
    );
  }
  return jobs;
}

const stream = (name: string, changes: Partial<OutputStream> = {}): OutputStream => ({
  datasetId: 100,
  datasetName: `user.alice.${name.toLowerCase()}/`,
  containerName: `user.alice.${name.toLowerCase()}/`,
  streamName: name,
  outtype: name.startsWith('LOG') ? 'log' : 'output',
  filenameTemplate: `user.alice.$JEDITASKID._\${SN/P}.${name.toLowerCase()}`,
  attributes: null,
  storageToken: null,
  destination: null,
  ...changes,
});
const first = (jobs: BuiltJob[]) => jobs[0] as BuiltJob;

describe('jobs of what the real clients submit', () => {
  it('prun without input: one job per number, names and parameters filled in', () => {
    const r = recorded('prun-no-input');
    const pseudo = files(3, (n) => ({
      lfn: 'pseudo_lfn',
      fsize: 0,
      type: 'pseudo_input',
      nEvents: 3,
      startEvent: n - 1,
      endEvent: n - 1,
    }));
    const master: InputStream = aStream(1, '', pseudo, '', 'pseudo_input');
    const seq = files(3, (n) => ({ lfn: String(10 + n), fsize: 0, type: 'pseudo_input' }));
    const chunk = aChunk({ task: r.task, master, secondaries: [aStream(2, 'SEQNUMBER', seq, 'of=10', 'pseudo_input')] });
    const jobs = buildAll(
      planOf({ task: r.task, parameters: r.parameters, jobParamsTemplate: r.jobParamsTemplate }),
      chunk,
      streamsOf(r),
    );
    expect(jobs.map((j) => j.jobParameters)).toEqual(
      [1, 2, 3].map(
        (n) =>
          '-j "" --sourceURL http://localhost:28080 -r . -a jobO.cae4cafd-56e8-403f-9087-d303809ddabf.tar.gz ' +
          `-o "{'out.txt': 'user.alice.42._00000${n}.out.txt'}" -p "python%20job.py%20${10 + n}%20%3E%20out.txt"`,
      ),
    );
    expect(first(jobs).outputs).toEqual([
      { jediTaskId: 42, datasetId: 100, fileId: 5000, lfn: 'user.alice.42._000001.out.txt', type: 'output', scope: 'user.alice' },
      {
        jediTaskId: 42,
        datasetId: 101,
        fileId: 5001,
        lfn: 'user.alice.test1.log.42.000001.log.tgz',
        type: 'log',
        scope: 'user.alice',
      },
    ]);
    expect(first(jobs).job).toMatchObject({
      pandaid: 900,
      jobname: 'user.alice.test1/.900',
      transformation: 'http://panda.example/trf/user/runGen-00-00-02',
      computingsite: 'MYSITE',
      attemptnr: 1,
      maxattempt: 1,
      currentpriority: 1000,
      corecount: 1,
      maxwalltime: 86_400,
      maxdiskcount: 300,
      gshare: 'User Analysis',
      resource_type: 'SCORE',
      jobsetid: 42,
      ninputdatafiles: 0,
      noutputdatafiles: 1,
      specialhandling: null,
      proddblock: null,
    });
    expect(first(jobs).inputs).toEqual([
      { jediTaskId: 42, datasetId: 1, fileId: 1, attemptNr: 0 },
      { jediTaskId: 42, datasetId: 2, fileId: 1, attemptNr: 0 },
    ]);
    expect(first(jobs).status).toBeUndefined();
  });

  it('prun with input, secondary and build: jobs wait for the library', () => {
    const r = recorded('prun-input-build');
    const master = aStream(1, 'IN', files(4));
    const secondaries = [
      aStream(
        2,
        'SEC',
        files(6, (n) => ({ lfn: `sec.${n}` })),
        'np=3',
      ),
    ];
    const lib = {
      datasetId: 9,
      datasetName: 'panda.x.lib._000042',
      fileId: 77,
      lfn: 'panda.x.lib._000042.77.lib.tgz',
      scope: 'panda',
      isReady: false,
    };
    const jobs = buildAll(
      planOf({ task: r.task, parameters: r.parameters, jobParamsTemplate: r.jobParamsTemplate, useScout: true }),
      aChunk({ task: r.task, master, secondaries, useScout: true }),
      streamsOf(r),
      { lib },
    );
    expect(jobs).toHaveLength(2);
    const job = first(jobs);
    expect(job.jobParameters).toContain('-l panda.x.lib._000042.77.lib.tgz ');
    expect(job.jobParameters).toContain(`-i "['data._000001.root', 'data._000002.root']"`);
    expect(job.jobParameters).toContain(`'SEC': ['sec.1', 'sec.2', 'sec.3']}"`);
    expect(job.status).toBe('defined');
    expect(job.job).toMatchObject({
      currentpriority: 1001,
      specialhandling: 'sj',
      ninputdatafiles: 5,
      proddblock: 'user.bob.in',
      inputfileproject: 'user',
    });
    expect(job.files.map((f) => [f.type, f.status])).toEqual([
      ...Array<string[]>(5).fill(['input', 'ready']),
      ['output', 'unknown'],
      ['output', 'unknown'],
      ['log', 'unknown'],
      ['input', 'unknown'],
    ]);
    expect(job.files[0]).toMatchObject({ proddblocktoken: 'local', dataset: 'user.bob.in/', scope: 'user.bob' });
    const ready = buildAll(planOf({ ...planOf({}), task: r.task, parameters: r.parameters }), aChunk({ task: r.task }), [], {
      lib: { ...lib, isReady: true },
    });
    expect(first(ready).status).toBeUndefined();
  });

  it('pathena: events of a file', () => {
    const r = recorded('pathena-trf');
    const parts = files(2, (n) => ({
      lfn: 'evnt.root',
      nEvents: 200,
      startEvent: (n - 1) * 100,
      endEvent: n * 100 - 1,
      firstEvent: (n - 1) * 100 + 1,
    }));
    const seq = files(2, (n) => ({ lfn: String(100 + n), fsize: 0, type: 'pseudo_input' }));
    const chunk = aChunk({
      task: r.task,
      master: aStream(1, 'IN', parts),
      secondaries: [aStream(2, 'SEQNUMBER', seq, 'of=100', 'pseudo_input')],
    });
    const jobs = buildAll(
      planOf({ task: r.task, parameters: r.parameters, jobParamsTemplate: r.jobParamsTemplate }),
      chunk,
      streamsOf(r),
    );
    expect(jobs[1]?.jobParameters).toContain(
      '-j "Gen_tf.py%20--randomSeed%3D102%20--inputEVNTFile%3Devnt.root%20--outputEVNTFile%3Devgen.root%20--maxEvents%3D100%20--skipEvents%3D100"',
    );
    expect(jobs[1]?.jobParameters).toContain("'user.alice.42.EXT0._000002.evgen.root'");
  });

  it('phpo: steps around the payload travel behind the parameters', () => {
    const r = recorded('phpo');
    const pseudo = files(2, (n) => ({ lfn: 'pseudo_lfn', fsize: 0, nEvents: 2, startEvent: n - 1, endEvent: n - 1 }));
    const jobs = buildAll(
      planOf({ task: r.task, parameters: r.parameters, jobParamsTemplate: r.jobParamsTemplate }),
      aChunk({ task: r.task, master: aStream(1, '', pseudo, '', 'pseudo_input') }),
      streamsOf(r),
    );
    const [line, steps] = first(jobs).jobParameters.split('<MULTI_STEP_EXEC>') as [string, string];
    expect(line.startsWith('-o output.json')).toBe(true);
    const parsed = JSON.parse(steps.replace('</MULTI_STEP_EXEC>', ''));
    expect(parsed.preprocess).toEqual({ command: r.task.transPath, args: `--preprocess ${line}` });
    expect(first(jobs).job.specialhandling).toBe('ho');
  });
});

describe('sizes and limits of a job', () => {
  const build = (task: Parameters<typeof aTask>[0], changes: Partial<JobPlan> = {}, chunk: Partial<InputChunk> = {}) => {
    const spec = aTask(task);
    return first(
      buildAll(
        planOf({ task: spec, ...changes }),
        aChunk({
          task: spec,
          master: aStream(
            1,
            'IN',
            files(1, () => ({ nEvents: 1000 })),
          ),
          ...chunk,
        }),
        [stream('OUTPUT0')],
      ),
    ).job;
  };

  it('walltime follows CPU time, memory is lowered, scratch holds input, output and margin', () => {
    const job = build(
      {
        cpuTime: 36,
        cpuTimeUnit: 'HS06sPerEvent',
        cpuEfficiency: 50,
        outDiskCount: 1,
        outDiskUnit: 'MBPerEvent',
        ramUnit: 'MBPerCore',
        baseRamCount: 100,
      },
      { ramCount: 2000 },
    );
    expect(job).toMatchObject({
      maxwalltime: 7800,
      maxcpucount: 7800,
      minramcount: 1890,
      maxdiskcount: 1024 + 1000 + 300,
      hs06: 10,
    });
  });

  it('scratch is never more than the queue has', () => {
    expect(build({ outDiskCount: 1, outDiskUnit: 'GBPerEvent' }).maxdiskcount).toBe(20_000);
  });

  it('a negative walltime is a limit set by the owner', () => {
    expect(build({ walltime: -5400 })).toMatchObject({ maxcpucount: 5400, maxwalltime: 86_400 });
  });

  it('a task that is not to be retried says so', () => {
    expect(build({ rule: 'DR=1' }).maxattempt).toBe(-1);
  });

  it('later attempts follow the largest attempt of the files and the jobs before', () => {
    const again = files(2, (n) => ({ attemptNr: n, failedAttempt: n, pandaId: 700 + n }));
    const jobs = buildAll(
      planOf({ task: aTask({ rule: 'NF=2' }) }),
      aChunk({ task: aTask({ rule: 'NF=2' }), master: aStream(1, 'IN', again) }),
      [],
    );
    expect(first(jobs).job).toMatchObject({ attemptnr: 3, maxattempt: 3, failedattempt: 2 });
    expect(first(jobs).retryOf).toEqual([
      { pandaId: 701, relation: 'retry', originPandaId: 701 },
      { pandaId: 702, relation: 'retry', originPandaId: 702 },
    ]);
  });

  it('scouts rank above their task', () => {
    expect(build({ currentPriority: 500 }, { useScout: true }).currentpriority).toBe(901);
  });

  it('rules of the task become special handling', () => {
    const job = build({ rule: 'DE=rucio,AP=1,LC=1,ST=1,AT=3', cloud: 'WORLD', requestType: 'x' });
    expect(job.specialhandling).toBe('ddm:rucio,ao:force,rt:x,at,lc,us');
  });

  it('event service jobs carry their ranges', () => {
    const job = build({ eventService: 1, rule: 'ES=100,XJ=2' });
    expect(job).toMatchObject({ eventservice: 1, maxattempt: 3, specialhandling: 'es:0:data._000001.root/0/999/100/10/0' });
    expect(build({ eventService: 2, rule: 'UC=1,ES=1' })).toMatchObject({
      eventservice: 3,
      specialhandling: 'sc:1,es:0:data._000001.root/0/999/1000/10/0',
    });
  });
});

describe('names and files', () => {
  it('a middle name comes from fields of the dataset or of the file', () => {
    const output = stream('OUTPUT0', { filenameTemplate: `out\${MIDDLENAME}._\${SN}.\${SN:03d}.$PANDAID` });
    const lfnOf = (rule: string, list: ReturnType<typeof files>) =>
      first(
        buildAll(planOf({ task: aTask({ rule }) }), aChunk({ task: aTask({ rule }), master: aStream(1, 'IN', list) }), [output]),
      ).outputs[0]?.lfn;
    expect(lfnOf('AN=2,3', files(1))).toBe('out.bob.in._000001.001.00900');
    expect(
      lfnOf(
        'AN=2,UF=1',
        files(1, () => ({ lfn: 'mc.A.7.root' })),
      ),
    ).toBe('out.A._000001.001.00900');
  });

  it('a seed and the numbers of events are filled in', () => {
    const seed = { datasetId: 8, datasetName: 'RNDMSEED', fileId: 3, lfn: '5', value: 5, attemptNr: 0 };
    const template = `--seed \${RNDMSEED} --first \${FIRSTEVENT} --skip \${SKIPEVENTS} --attempt \${ATTEMPTNR} --sn \${SN}`;
    const task = aTask({ rule: 'RS=1000' });
    const job = first(
      buildAll(
        planOf({ task, jobParamsTemplate: template }),
        aChunk({ task, master: aStream(1, 'IN', [aFile(1, { firstEvent: 11 })]) }),
        [stream('OUTPUT0')],
        { seed },
      ),
    );
    expect(job.jobParameters).toBe('--seed 1005 --first 11 --skip 0 --attempt 1 --sn 1');
    expect(job.inputs).toContainEqual({ jediTaskId: 42, datasetId: 8, fileId: 3, attemptNr: 0 });
  });

  it('shared secondary files are not tracked, and missing output may be allowed', () => {
    const chunk = aChunk({ master: aStream(1, 'IN', files(1)), secondaries: [aStream(2, 'DB', files(1), 'nosplit,repeat')] });
    const job = first(buildAll(planOf({}), chunk, [stream('OUTPUT0', { attributes: 'an', storageToken: 'T/x' })]));
    expect(job.inputs.map((i) => i.datasetId)).toEqual([1]);
    expect(job.files.at(-1)).toMatchObject({ destinationdblocktoken: 'T,an', destinationdblock: 'user.alice.output0/' });
  });

  it('input elsewhere is read remotely, input on tape is staged first', () => {
    const chunk = aChunk({ master: aStream(1, 'IN', files(1)) });
    const remote = { ...candidate, localityOf: () => 'remote' as const, remote: { protocol: 'fax', source: 'FAR' } };
    expect(first(buildAll(planOf({}), chunk, [], { candidate: remote })).job).toMatchObject({
      transfertype: 'fax',
      sourcesite: 'FAR',
    });
    const tape = { ...candidate, localityOf: () => 'localtape' as const };
    expect(first(buildAll(planOf({}), chunk, [], { candidate: tape })).job.specialhandling).toBe('ip');
  });

  it('files given by address replace the pseudo input', () => {
    const task = aTask({ rule: 'PL=1,NF=2' });
    const master = aStream(
      1,
      '',
      files(2, (n) => ({ lfn: `00000${n - 1}:f${n}` })),
      '',
      'pseudo_input',
    );
    const parameters = { pfnList: ['root://a/f1', 'root://a/f2'] };
    const job = first(buildAll(planOf({ task, parameters, jobParamsTemplate: `-i "\${IN/T}"` }), aChunk({ task, master }), []));
    expect(job.jobParameters).toBe(`-i "['root://a/f1', 'root://a/f2']"`);
  });
});

describe('merging', () => {
  const unmerged = (name: string, id: number) =>
    stream(name, {
      datasetId: id,
      datasetName: `panda.um.user.alice.${name.toLowerCase()}.${id}`,
      containerName: null,
      filenameTemplate: `panda.um.user.alice.$JEDITASKID._\${SN/P}.${name.toLowerCase()}`,
      storageToken: 'TOMERGE',
    });

  it('jobs of a merging task write unmerged names, in parameters too', () => {
    const task = aTask({ rule: 'MO=1,NF=1' });
    const template = `-o "{'x': 'user.alice.$JEDITASKID._\${SN/P}.output0'}" --log \${LOG0}`;
    const job = first(
      buildAll(planOf({ task, jobParamsTemplate: template }), aChunk({ task }), [unmerged('OUTPUT0', 1), unmerged('LOG0', 2)]),
    );
    expect(job.jobParameters).toBe(
      `-o "{'x': 'panda.um.user.alice.42._000001.output0'}" --log panda.um.user.alice.42._000001.log0`,
    );
    expect(job.job.specialhandling).toBe('ao:off');
    expect(job.files.at(-1)?.destinationdblocktoken).toBe('TOMERGE');
  });

  it('a merge job joins what its jobs wrote and leaves out what nobody wrote', () => {
    const task = aTask({ rule: 'MO=1', currentPriority: 100 });
    const log = aStream(
      1,
      'LOG0',
      files(2, (n) => ({ lfn: `panda.um.log.${n}`, boundaryId: n, pandaId: 800 + n, type: 'log', fsize: 1000 })),
      '',
      'trn_log',
    );
    const out = aStream(
      2,
      'OUTPUT0',
      files(2, (n) => ({ lfn: `panda.um.out.${n}`, boundaryId: n, pandaId: 800 + n, fsize: 1000 })),
      '',
      'trn_output',
    );
    const parameters = {
      mergeSpec: { transPath: 'http://x/runMerge', jobParameters: `-r . \${TRN_OUTPUT:OUTPUT} \${TRN_LOG:LOG}`, useLocalIO: 1 },
    };
    const chunk = aChunk({ task, isMerging: true, master: log, secondaries: [out] });
    const job = first(
      buildAll(planOf({ task, parameters, isMerging: true, mergeMaxHours: 3 }), chunk, [
        stream('OUTPUT0'),
        stream('OUTPUT1'),
        stream('LOG0'),
      ]),
    );
    expect(job.jobParameters).toBe(
      '-r . panda.um.out.1,panda.um.out.2:user.alice.42._000001.output0  panda.um.log.1,panda.um.log.2:user.alice.42._000001.log0 ',
    );
    expect(job.job).toMatchObject({
      processingtype: 'pmerge',
      transformation: 'http://x/runMerge',
      currentpriority: 5000,
      minramcount: 0,
      maxcpucount: 10_800,
      maxwalltime: 11_400,
    });
    expect(job.outputs.map((o) => o.lfn)).toEqual(['user.alice.42._000001.output0', 'user.alice.42._000001.log0']);
    expect(job.files.filter((f) => f.type === 'input')).toHaveLength(4);
    expect(job.retryOf.map((a) => [a.pandaId, a.relation])).toEqual([
      [801, 'merge'],
      [802, 'merge'],
    ]);
  });

  it('datasets made from templates carry their own id', () => {
    expect(instantiatedName('panda.um.user.alice.out/', 77)).toBe('panda.um.user.alice.out.77');
  });

  it('a task without a merge step cannot merge', () => {
    expect(() => new JobBuilder(planOf({ isMerging: true }))).toThrow(UnbuildableTask);
  });
});

describe('jobs beside the ordinary ones', () => {
  it('a build job makes the library that the others wait for', () => {
    const r = recorded('prun-input-build');
    const name = libDatasetName(new Date(Date.UTC(2021, 10, 22, 9, 5, 3)), 123456, 42);
    expect(name).toBe('panda.1122090503.123456.lib._000042');
    const { job, lib } = makeBuildJob({
      task: r.task,
      parameters: r.parameters,
      queue,
      pandaId: 899,
      host: 'g',
      lib: { datasetId: 9, datasetName: name },
      libFileId: 77,
      logFileId: 78,
      maxHours: 1,
      resourceTypeOf: () => 'SCORE',
    });
    expect(job.jobParameters).toBe(
      `-i sources.de91b4b4-8d84-4182-bba1-8864fd872b58.tar.gz -o ${name}.77.lib.tgz --sourceURL http://localhost:28080 -r . --bexec "make" `,
    );
    expect(job.job).toMatchObject({
      prodsourcelabel: 'panda',
      currentpriority: 2000,
      maxcpucount: 3600,
      maxwalltime: 4200,
      destinationdblock: name,
    });
    expect(job.outputs.map((o) => [o.lfn, o.type])).toEqual([
      [`${name}.77.lib.tgz`, 'lib'],
      [`${name}.78.log.tgz`, 'log'],
    ]);
    expect(lib).toMatchObject({ fileId: 77, lfn: `${name}.77.lib.tgz`, isReady: false });
  });

  it('a preprocessing job has one unit of input and a log', () => {
    const task = aTask();
    const parameters = {
      sourceURL: 'http://s',
      preproSpec: { prodSourceLabel: 'panda', transPath: 'http://x/pre', jobParameters: `--sourceURL \${SURL}` },
    };
    const input = {
      dataset: aStream(1, '', [], '', 'pp_input').dataset,
      file: aFile(1, { lfn: 'pseudo_lfn', type: 'pp_input' }),
    };
    const log = { stream: stream('PP_LOG', { outtype: 'pp_log' }), fileId: 5, serialNr: 1 };
    const job = makePreprocessJob({ task, parameters, queue, pandaId: 1, host: 'g', input, log, resourceTypeOf: () => 'SCORE' });
    expect(job.jobParameters).toBe('--sourceURL http://s');
    expect(job.job).toMatchObject({ transformation: 'http://x/pre', prodsourcelabel: 'panda', corecount: 1 });
    expect(job.files.map((f) => f.type)).toEqual(['pseudo_input', 'log']);
  });
});
