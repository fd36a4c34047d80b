import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SplitRule } from '../split-rule/index.js';
import { incrementalParameters } from './incremental.js';
import { datasetLookups, lookupKey } from './input-datasets.js';
import type { TaskParameters } from './parameters.js';
import { type RefinedTask, type RefineOutcome, type RefineRequest, type RefineWorld, refineTask } from './refine.js';

const recorded = (name: string): TaskParameters => ({
  // What the gateway adds to every submission: who asks, and how.
  userName: 'Alice Tester',
  taskPriority: 1000,
  taskType: 'anal',
  ...JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')),
});

const world = (changes: Partial<RefineWorld> = {}): RefineWorld => ({
  serverUrl: 'http://panda.example:25080',
  found: new Map(),
  workQueues: [
    { queueId: 3, name: 'user', type: 'user', vo: 'any', order: null, isActive: true, criteria: null, variables: null },
  ],
  isShare: (name) => name === 'Express',
  shareOf: () => 'User Analysis',
  resourceTypeOf: () => 'SCORE',
  unique: () => 'u-1',
  ...changes,
});

const found = (names: Record<string, string[]>) =>
  new Map(Object.entries(names).map(([name, list]) => [lookupKey({ name, expand: true }), list]));

const run = (parameters: TaskParameters, w: RefineWorld = world(), request: Partial<RefineRequest> = {}): RefineOutcome =>
  refineTask({ jediTaskId: 42, parameters, splitRule: SplitRule.empty, isStaged: false, ...request }, w);

const refined = (outcome: RefineOutcome): RefinedTask => {
  if (outcome.kind !== 'refined') throw new Error(`not refined: ${JSON.stringify(outcome)}`);
  return outcome.refined;
};

describe('refining what the real clients submit', () => {
  it('prun without input: numbers are the input, a pseudo dataset is the master', () => {
    const r = refined(run(recorded('prun-no-input')));
    expect(r.task).toMatchObject({
      jediTaskId: 42,
      taskName: 'user.alice.test1/',
      vo: 'wlcg',
      site: 'MYSITE',
      reqId: 42,
      coreCount: 1,
      cpuEfficiency: 90,
      baseWalltime: 600,
      workQueueId: 3,
      gshare: 'User Analysis',
      resourceType: 'SCORE',
      transPath: 'http://panda.example:25080/trf/user/runGen-00-00-02',
    });
    expect(r.task.splitRule.toString()).toBe('NE=1,MF=200,RR=1,US=2');
    expect(r.masters).toEqual([
      expect.objectContaining({ datasetName: 'pseudo_dataset', type: 'pseudo_input', streamName: null }),
    ]);
    expect(r.secondaries).toEqual([
      expect.objectContaining({ datasetName: 'seq_number', type: 'pseudo_input', streamName: 'SEQNUMBER', attributes: 'of=10' }),
    ]);
    expect(r.outputs.map((o) => [o.dataset.datasetName, o.dataset.type, o.dataset.streamName, o.templates])).toEqual([
      [
        'user.alice.test1_out.txt/',
        'output',
        'OUTPUT0',
        [templ('OUTPUT0', `user.alice.$JEDITASKID._\${SN/P}.out.txt`, 'output')],
      ],
      ['user.alice.test1.log/', 'log', 'LOG0', [templ('LOG0', `user.alice.test1.log.$JEDITASKID.\${SN}.log.tgz`, 'log')]],
    ]);
    expect(r.jobParamsTemplate).toBe(
      '-j "" --sourceURL http://localhost:28080 -r . -a jobO.cae4cafd-56e8-403f-9087-d303809ddabf.tar.gz ' +
        `-o "{'out.txt': 'user.alice.$JEDITASKID._\${SN/P}.out.txt'}" -p "python%20job.py%20\${SEQNUMBER}%20%3E%20out.txt"`,
    );
    expect(r.uniqueName).toBe(true);
  });

  it('prun with input, secondary and build: containers are expanded, the first input leads, the build gets its transform', () => {
    const parameters = recorded('prun-input-build');
    expect(datasetLookups(parameters)).toEqual([
      { name: 'user.bob.in/', expand: true },
      { name: 'user.bob.sec/', expand: true },
    ]);
    const names = found({ 'user.bob.in/': ['user.bob.in.1', 'user.bob.in.2'], 'user.bob.sec/': ['user.bob.sec.1'] });
    const r = refined(run(parameters, world({ found: names })));
    expect(r.masters.map((d) => [d.datasetName, d.containerName, d.streamName])).toEqual([
      ['user.bob.in.1', 'user.bob.in/', 'IN'],
      ['user.bob.in.2', 'user.bob.in/', 'IN'],
    ]);
    expect(r.secondaries.map((d) => [d.datasetName, d.streamName, d.attributes])).toEqual([['user.bob.sec.1', 'SEC', 'np=3']]);
    expect(r.task.splitRule.toString()).toBe('NF=2,MF=200,RR=1,RO=1,US=2,LI=1,UB=1');
    expect(r.parameters.buildSpec).toMatchObject({ transPath: 'http://panda.example:25080/trf/user/buildGen-00-00-01' });
    const items = r.parameters.jobParameters as { dataset?: string; expandedList?: string[] }[];
    expect(items.find((i) => i.dataset === 'user.bob.in/')?.expandedList).toEqual(['user.bob.in.1', 'user.bob.in.2']);
    expect(r.jobParamsTemplate).toContain(`--inMap "{'IN': \${IN/T}, 'SEC': \${SEC/T}}"`);
  });

  it('phpo: an optimisation task keeps its transform, has no scouts and asks for points', () => {
    const r = refined(run(recorded('phpo')));
    expect(r.task.transPath).toBe('http://pandaserver.cern.ch:25080/trf/user/runHPO-00-00-01');
    expect(r.task.splitRule.toString()).toBe('NE=1,MN=20,TJ=10,MS=1,LI=1,HO=1');
    expect(r.masters[0]?.containerName).toBe('None/None');
    expect(r.task.containerName).toBe('docker://gitlab/x');
    expect(r.hpoRequest).toMatchObject({ request_metadata: { workload_id: 42, is_pseudo_input: true, max_points: 10 } });
  });

  it('pathena transform: event-level splitting, seed offset and the athena transform', () => {
    const names = found({ 'user.bob.evnt/': ['user.bob.evnt.1'] });
    const r = refined(run(recorded('pathena-trf'), world({ found: names })));
    expect(r.task.transPath).toBe('http://panda.example:25080/trf/user/runAthena-00-00-12');
    expect(r.task.splitRule.toString()).toBe('NE=100,RR=1,UE=1,US=2,LI=1');
    expect(r.masters.map((d) => d.datasetName)).toEqual(['user.bob.evnt.1']);
    expect(r.secondaries.map((d) => d.attributes)).toEqual(['of=100']);
    expect(r.jobParamsTemplate).toContain(`--maxEvents%3D\${MAXEVENTS}%20--skipEvents%3D\${SKIPEVENTS}"`);
  });
});

function templ(streamName: string, filenameTemplate: string, outtype: string) {
  return { streamName, filenameTemplate, serialNr: 1, outtype };
}

const simple = (changes: TaskParameters = {}): TaskParameters => ({ ...recorded('prun-no-input'), ...changes });
const withInput = (changes: TaskParameters = {}): TaskParameters => ({ ...recorded('prun-input-build'), ...changes });
const unknownWorld = (changes: Partial<RefineWorld> = {}) =>
  world({ found: found({ 'user.bob.in/': [], 'user.bob.sec/': ['s'] }), ...changes });

describe('refinement refuses or waits', () => {
  it.each([
    'taskName',
    'userName',
    'vo',
    'prodSourceLabel',
    'taskPriority',
    'architecture',
    'processingType',
    'taskType',
    'jobParameters',
  ])('without %s the task is refused by name and nothing is planned', (key) => {
    const { [key]: _, ...rest } = simple();
    expect(run(rest)).toEqual({ kind: 'refuse', reason: expect.stringContaining(`${key} is missing`) });
  });

  it.each([
    ['workingGroup', 'x'.repeat(33), 'workingGroup is longer than 32'],
    ['nFiles', -1, 'nFiles must be between 1'],
    ['nEvents', 1e12, 'nEvents must be between 1'],
    ['nFilesPerJob', 0, 'nFilesPerJob must be between 1'],
    ['ramCount', -5, 'ramCount must be between 0'],
    ['maxAttempt', 0, 'maxAttempt must be between 1'],
    ['walltime', 1e12, 'walltime must be between'],
    ['taskName', 'a b', 'taskName may contain only'],
    ['reqID', 1.5, 'reqID must be a whole number'],
    ['currentPriority', '950.5', 'currentPriority must be a whole number'],
    ['cpuTime', -1, 'cpuTime must be between 0'],
    ['nEvents', 2.5, 'nEvents must be a whole number'],
    ['esFraction', 'x', 'esFraction must be a number'],
    ['ttcrTimestamp', 'never', 'ttcrTimestamp must be a time'],
    ['ttcrTimestamp', '2026-13-01 00:00:00.0', 'ttcrTimestamp must be a time'],
    ['log', [], 'log is an empty list'],
    ['vo', 5, 'vo must be text'],
    ['prodSourceLabel', true, 'prodSourceLabel must be text'],
    ['taskName', '../x', "taskName must not have '..' in its path"],
    ['excludedSite', { a: 1 }, 'excludedSite must be text or a list of texts'],
    ['includedSite', ['A', 7], 'includedSite must be text or a list of texts'],
    ['jobParameters', 'x', 'jobParameters must be a list'],
    ['jobParameters', [null], 'jobParameters[0] must be an object'],
    ['jobParameters', [{ type: 'other' }], "jobParameters[0].type must be 'constant' or 'template'"],
    ['jobParameters', [{ type: 'constant', value: 3 }], 'jobParameters[0].value must be text'],
    ['jobParameters', [{ type: 'template', param_type: 'x' }], 'jobParameters[0].param_type must be one of'],
    [
      'jobParameters',
      [{ type: 'template', param_type: 'input', value: '', dataset: "a'b\n" }],
      'has characters a dataset name cannot have',
    ],
    ['jobParameters', [{ type: 'template', param_type: 'input', value: '', dataset: ',' }], 'names no dataset'],
    ['buildSpec', 'make', 'buildSpec must be an object'],
  ])('refuses %s = %j: %s', (key, value, reason) => {
    const outcome = run(simple({ [key]: value }));
    expect(outcome).toEqual({ kind: 'refuse', reason: expect.stringContaining(reason) });
  });

  it('refuses a task that no work queue takes', () => {
    expect(run(simple(), world({ workQueues: [] }))).toEqual({
      kind: 'refuse',
      reason: expect.stringMatching(/^workqueue is undefined for vo=wlcg label=user processingType=\S/),
    });
  });

  it('refuses an unknown input dataset by name', () => {
    expect(run(withInput(), unknownWorld())).toEqual({ kind: 'refuse', reason: 'unknown input dataset "user.bob.in/"' });
  });

  it('waits for an unknown dataset when the task says so, and remembers its name', () => {
    const outcome = run(withInput({ waitInput: 1 }), unknownWorld());
    expect(outcome).toEqual({
      kind: 'wait',
      reason: 'pending until input is staged',
      freezes: true,
      unknownDatasets: ['user.bob.in/'],
    });
  });

  it('waits without a time-out for the output of a parent that works', () => {
    const outcome = run(withInput({ noWaitParent: true }), unknownWorld({ parent: { id: 7, state: 'unfinished' } }));
    expect(outcome).toMatchObject({ kind: 'wait', reason: 'pending until parent produces input', freezes: false });
  });

  it('waits for its parent before anything else', () => {
    const outcome = run(withInput(), unknownWorld({ parent: { id: 7, state: 'unfinished' } }));
    expect(outcome).toMatchObject({ kind: 'wait', reason: 'pending until parent task 7 is done', freezes: false });
  });

  it('is refused when its parent is lost', () => {
    const outcome = run(simple(), world({ parent: { id: 7, state: 'corrupted' } }));
    expect(outcome).toEqual({ kind: 'refuse', reason: 'parent task 7 failed to complete' });
  });

  it('stages first when asked to, and only once', () => {
    expect(run(simple({ toStaging: true })).kind).toBe('stage');
    expect(run(simple({ toStaging: true }), world(), { isStaged: true }).kind).toBe('refined');
  });
});

describe('special tasks', () => {
  it('a task with a merge step has unmerged twins; the unmerged log leads', () => {
    const r = refined(run(simple({ mergeOutput: true, mergeSpec: { jobParameters: `\${TRN_OUTPUT:OUTPUT}` } })));
    expect(r.task.splitRule.get('mergeOutput')).toBe(true);
    const [output, log] = r.outputs;
    expect(output?.unmerged?.dataset).toMatchObject({
      datasetName: 'panda.um.user.alice.test1_out.txt/',
      type: 'tmpl_trn_output',
      storageToken: 'TOMERGE',
      streamName: 'OUTPUT0',
    });
    expect(output?.unmerged?.templates[0]?.filenameTemplate).toBe(`panda.um.user.alice.$JEDITASKID._\${SN/P}.out.txt`);
    expect([output?.unmerged?.isMaster, log?.unmerged?.isMaster]).toEqual([false, true]);
    expect(r.parameters.mergeSpec).toMatchObject({ transPath: 'http://panda.example:25080/trf/user/runMerge-00-00-02' });
  });

  it('a preprocessing step comes first, then its findings fill the placeholders', () => {
    const parameters = withInput({ preproSpec: { prodSourceLabel: 'panda', jobParameters: '-x' }, dsForIN: '%%INDS%%' });
    const first = run(parameters, unknownWorld());
    if (first.kind !== 'preprocess') throw new Error(first.kind);
    expect(first.plan.input).toMatchObject({ datasetName: 'panda.pp.in.u-1.42', type: 'pp_input' });
    expect(first.plan.template.filenameTemplate).toBe(`panda.pp.log.u-1.42._\${SN}.log.tgz`);
    expect(first.task.splitRule.get('usePrePro')).toBe(1);
    const names = found({ 'user.bob.in/': ['a'], 'user.bob.sec/': ['s'], 'data.found': ['data.found'] });
    const r = refined(run(parameters, world({ found: names }), { preprocessed: { '%%INDS%%': 'data.found' } }));
    expect(r.masters.map((d) => d.datasetName)).toEqual(['a', 'data.found']);
    expect(r.task.splitRule.get('usePrePro')).toBe(3);
  });

  it('job cloning presets its companions and is no plain event service', () => {
    const r = refined(run(simple({ useJobCloning: 'storeonce' })));
    expect(r.task.eventService).toBe(2);
    expect(r.task.splitRule.toString()).toContain('ES=1,EC=2,NS=2');
    expect(r.task.splitRule.get('useJobCloning')).toBe(2);
  });

  it('event service appends its merge step to the command line', () => {
    const r = refined(run(simple({ nEventsPerWorker: 4, esmergeSpec: { transPath: 'merge.py', jobParameters: '-m' } })));
    expect(r.task.eventService).toBe(1);
    expect(r.jobParamsTemplate).toMatch(
      /<PANDA_ESMERGE_TRF>merge\.py<\/PANDA_ESMERGE_TRF><PANDA_ESMERGE_JOBP>-m<\/PANDA_ESMERGE_JOBP>$/,
    );
  });

  it('a seed asked for brings a seed dataset and keeps its offset in the rule', () => {
    const seed = { type: 'template', param_type: 'number', value: `--seed \${RNDMSEED}`, offset: 7 };
    const r = refined(run(simple({ jobParameters: [seed] })));
    expect(r.secondaries.map((d) => [d.datasetName, d.type])).toEqual([['RNDMSEED', 'random_seed']]);
    expect(r.task.splitRule.get('randomSeed')).toBe(7);
  });

  it('walltime below zero passes: clients mark a fixed limit so', () => {
    expect(refined(run(simple({ walltime: -3600 }))).task.walltime).toBe(-3600);
  });

  it('a goal in per cent is kept per mille; more than everything is no goal', () => {
    expect(refined(run(simple({ goal: 95.5 }))).task.goal).toBe(955);
    expect(refined(run(simple({ goal: 101 }))).task.goal).toBeNull();
  });
});

describe('incremental execution', () => {
  it('merges the maps: null deletes, nFiles must be said again, a new sandbox reaches every command line', () => {
    const old = withInput({ nFiles: 5, nEvents: 3, mergeSpec: { jobParameters: '-r . -a old.tgz' } });
    const merged = incrementalParameters(old, { nEvents: null, nFilesPerJob: 9, fixedSandbox: 'new$1.tgz' });
    expect(merged).not.toHaveProperty('nFiles');
    expect(merged).not.toHaveProperty('nEvents');
    expect(merged.nFilesPerJob).toBe(9);
    expect(merged.buildSpec).toMatchObject({ archiveName: 'new$1.tgz' });
    expect(merged.mergeSpec).toMatchObject({ jobParameters: '-r . -a new$1.tgz' });
  });

  it('keeps what was measured, does not scout again, and takes unknown datasets as nothing new', () => {
    const before = refined(run(withInput(), unknownWorld({ found: found({ 'user.bob.in/': ['a'], 'user.bob.sec/': ['s'] }) })));
    const previous = { ...before.task, ramCount: 3000, cpuTime: 17, splitRule: before.task.splitRule.with('useScout', 3) };
    const r = refined(run(withInput({ ramCount: 100 }), unknownWorld(), { previous, splitRule: previous.splitRule }));
    expect(r.task).toMatchObject({ ramCount: 3000, cpuTime: 17 });
    expect(r.task.splitRule.get('useScout')).toBe(1);
    expect(r.masters).toEqual([]);
  });
});
