import { describe, expect, it } from '@jest/globals';
import { helpText } from './help.js';
import { outputNameObjection, outputsObjection } from './map/output-names.js';
import { taskParameters } from './map/task-parameters.js';
import { parseOptions } from './options/parse.js';
import { optionGroups } from './options/row.js';
import { optionRows } from './options/table.js';
import { refused } from './outcome.js';
import { prepare } from './submission/prepare.js';
import { workDirectory } from './work-directory.js';

const alice = { nickname: 'alice', productionGroups: ['higgs'] };
const files = { text: (path: string) => refused(`cannot read ${path}: ENOENT`) };
const surroundings = {
  archiveName: 'a',
  runDir: '.',
  usesCmake: false,
  clientVersion: '2.0.2',
  commandLine: '',
  sourceUrl: '',
  osInfo: '',
  userPlatform: undefined,
  uuid: () => 'u',
};

/** The sentence prun ends with, or undefined when it would submit. */
function refusalOf(...more: string[]): string | undefined {
  const parsed = parseOptions(['--exec', 'x', '--outDS', 'user.alice.x', ...more]);
  if (!parsed.ok) return parsed.reason;
  const submission = prepare(parsed.value.options, { files, platform: undefined, uuid: () => 'u' });
  if (!submission.ok) return submission.reason;
  const name = outputNameObjection(submission.value.outDS, alice, submission.value);
  if (name !== undefined) return name;
  const map = taskParameters(submission.value, surroundings);
  return map.ok ? outputsObjection(map.value, submission.value.unlimitNumOutputs) : map.reason;
}

describe('prun refuses', () => {
  it.each([
    [['word'], 'unrecognized argument: word'],
    [['--nJ'], '--nJ: a value is missing'],
    [['--nFil', '3'], 'ambiguous option: --nFil could match --nFiles, --nFilesPerJob'],
    [['--nJobs', 'many'], "--nJobs: 'many' is not a whole number"],
    [['--noBuild=1'], '--noBuild takes no value'],
    [['--exec', ''], 'no command is given: prun --exec "myScript arg1 arg2" --outDS …'],
    [['--outDS', ''], 'no output is given: prun --outDS user.<nickname>.<text> …'],
    [['--outDS', 'user.alice.a%b'], "--outDS user.alice.a%b/ contains '%', which storage forbids"],
    [['--outDS', `user.alice.${'x'.repeat(121)}`], '--outDS has 133 characters, at most 132 are possible'],
    [['--outDS', `user.alice.${'x'.repeat(109)}`, '--mergeOutput'], '--outDS has 121 characters, at most 120 are possible'],
    [['--nGBPerJob', '5', '--nFilesPerJob', '10'], '--nFilesPerJob and --nGBPerJob exclude each other'],
    [['--nGBPerJob', '5', '--nEventsPerJob', '10'], '--nEventsPerJob and --nGBPerJob exclude each other'],
    [['--nGBPerJob', 'x'], '--nGBPerJob is a whole number or MAX'],
    [['--nGBPerJob', '-5'], '--nGBPerJob must be positive'],
    [
      ['--outputs', 'dir/out.txt'],
      'the output file dir/out.txt is in a directory; only files of the working directory are collected',
    ],
    [['--outputs', 'A:x,A:y'], "the suffix 'A' in --outputs names several files"],
    [['--outputs', 'a,,b'], "an output file in 'a,,b' has no name"],
    [['--outputs', 'a@b'], "the output file a@b contains '@', which storage forbids"],
    [['--outputs', 'ä'], 'the name user.alice.x_ä/ has characters beyond ASCII, which storage forbids'],
    [['--secondaryDSs', 'IN2:x:d'], "'IN2:x:d' in --secondaryDSs: nFiles and nSkipFiles are whole numbers"],
    [
      ['--secondaryDSs', 'IN2:1'],
      "'IN2:1' in --secondaryDSs is not StreamName:nFiles:Dataset[:Pattern[:nSkipFiles[:FileNameList]]]",
    ],
    [['--inDsTxt', 'nowhere'], 'cannot read nowhere: ENOENT'],
    [['--pfnList', 'nowhere'], '--pfnList needs --site'],
    [['--pfnList', 'a', '--inDS', 'b', '--site', 'X'], '--pfnList and --inDS exclude each other'],
    [['--transferType', 'pigeon'], "--transferType: 'pigeon' is not one of root, direct, davs, file"],
    [['--writeInputToTxt', 'IN'], "'IN' in --writeInputToTxt is not StreamName:FileName"],
    [['--bulkSubmission'], '--bulkSubmission needs --inOutDsJson'],
    [['--dbRelease', 'x'], '--dbRelease is <dataset>:<file> or LATEST'],
    [['--athenaTag', '21.2.1'], 'the platform of the software is unknown: set CMTCONFIG or give --cmtConfig'],
    [['--athenaTag', '32'], '32 in --athenaTag is gone, use --cmtConfig'],
    [['--architecture', '{x'], '--architecture is no JSON object: {x'],
    [['--official'], '--official allows names group.<higgs>.<text>, not user.alice.x/'],
  ])('%j', (more, reason) => {
    expect(refusalOf(...more)).toBe(reason);
  });

  it('more than ten outputs, unless asked otherwise', () => {
    const outputs = Array.from({ length: 11 }, (_, i) => `f${i}`).join(',');
    expect(refusalOf('--outputs', outputs)).toMatch(/a job has 11 outputs/);
    expect(refusalOf('--outputs', outputs, '--unlimitNumOutputs')).toBeUndefined();
  });

  it.each(['--useAthenaPackages', '--useRootCore'])('%s, which is done by the real tool only', (option) => {
    expect(refusalOf(option)).toMatch(/use prun of panda-client/);
  });

  it('to run outside of what it sends', () => {
    expect(() => workDirectory('/usr', '/tmp')).toThrow('you need to run prun in a directory under /usr');
    expect(() => workDirectory('/nowhere', '/tmp')).toThrow('--workDir /nowhere: ENOENT');
    expect(workDirectory('/', '/tmp')).toEqual({ top: '/', runDir: 'tmp' });
  });
});

describe('prun accepts', () => {
  it('an official name of a group the user produces for', () => {
    expect(refusalOf('--official', '--outDS', 'group.higgs.x')).toBeUndefined();
    expect(refusalOf('--official', '--outDS', 'group12.higgs.x')).toBeUndefined();
    expect(refusalOf('--official', '--outDS', 'group.top.x')).toMatch(/allows names/);
  });

  it('values that look like options when they are numbers or have blanks', () => {
    expect(refusalOf('--nGBPerJob', '-1')).toBeUndefined();
    expect(refusalOf('--alrbArgs', '--nocvmfs --nohome')).toBeUndefined();
  });
});

describe('help', () => {
  it('CLIENT-12 has all groups of the documentation', () => {
    const documented = 'PRINT PRUN CONFIG INPUT OUTPUT JOB BUILD SUBMIT EVTFILTER EXPERT CONTAINERJOB';
    for (const group of documented.split(' ')) expect(helpText(group.toLowerCase())?.startsWith(`${group}: `)).toBe(true);
    for (const group of documented.split(' ')) expect(helpText('ALL')).toContain(helpText(group) ?? 'nothing');
  });

  it.each(optionGroups)('CLIENT-12 has the group %s, its name in any case', (group) => {
    expect(helpText(group)?.startsWith(`${group}: `)).toBe(true);
    expect(helpText(group.toLowerCase())).toBe(helpText(group));
  });

  it('CLIENT-12 shows an option in each of its groups', () => {
    for (const group of ['input', 'output']) expect(helpText(group)).toContain('--inOutDsJson');
    expect(helpText('nonsense')).toBeUndefined();
  });

  it('shows every documented option under ALL', () => {
    for (const { flags, help } of optionRows) if (help !== undefined) expect(helpText('all')).toContain(`${flags.join(', ')}`);
  });
});
