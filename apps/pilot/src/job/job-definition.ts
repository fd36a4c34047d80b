import { JobFailure } from '../errors/job-failure.js';
import { type Definition, flagOf, jsonOf, listOf, numberOf, textOf } from './definition-fields.js';

export interface Checksum {
  readonly kind: 'adler32' | 'md5';
  readonly value: string;
}

export interface InputFile {
  readonly lfn: string;
  readonly scope: string;
  readonly guid: string;
  readonly dataset: string;
  readonly endpoint: string | undefined;
  readonly bytes: number | undefined;
  readonly checksum: Checksum | undefined;
  readonly storageToken: string;
}

export interface OutputFile {
  readonly lfn: string;
  readonly scope: string;
  readonly dataset: string;
  readonly endpoint: string | undefined;
  readonly isLog: boolean;
  readonly guid: string | undefined;
  readonly mayBeMissing: boolean;
}

/** One step of a multi-step job: the command may be the transform's URL. */
export interface Step {
  readonly command: string;
  readonly args: string;
}

/** What a pilot needs of the job dictionary. Spec: Pilot › Job definition; panda-server:pandaserver/jobdispatcher/Protocol.py@34d4b8f3. */
export interface JobDefinition {
  readonly pandaId: string;
  readonly attemptNr: number;
  readonly taskId: string | undefined;
  readonly processingType: string;
  readonly userId: string;
  readonly transformation: string;
  readonly parameters: string;
  /** `direct`: inputs are opened where they lie. */
  readonly transferType: string;
  readonly inputs: readonly InputFile[];
  readonly outputs: readonly OutputFile[];
  readonly log: OutputFile | undefined;
  readonly coreCount: number;
  readonly maxWalltimeS: number;
  readonly maxCpuCountS: number;
  readonly debug: boolean;
  readonly loopingCheck: boolean;
  readonly containerImage: string | undefined;
  readonly containerExec: string | undefined;
  readonly preprocess: Step | undefined;
  readonly postprocess: Step | undefined;
  readonly secrets: string | undefined;
  readonly inputLists: ReadonlyMap<string, readonly string[]>;
  readonly releaseName: string;
}

const LFN_MAX = 255;

/** Reads and checks a job dictionary. Throws {@link JobFailure}: a job that cannot be understood is reported, not dropped. */
export function readJob(raw: Definition): JobDefinition {
  const logName = textOf(raw, 'logFile');
  const outputs = readOutputs(raw, logName);
  return {
    ...identityOf(raw),
    ...limitsOf(raw),
    ...stepsOf(raw),
    transformation: textOf(raw, 'transformation') ?? '',
    parameters: decoded(textOf(raw, 'jobPars') ?? ''),
    transferType: textOf(raw, 'transferType') ?? '',
    inputs: readInputs(raw),
    outputs: outputs.filter((file) => !file.isLog),
    log: outputs.find((file) => file.isLog),
    debug: flagOf(raw, 'debug', false),
    loopingCheck: flagOf(raw, 'loopingCheck', true),
    containerImage: textOf(raw, 'container_name'),
    secrets: textOf(raw, 'secrets'),
    inputLists: readInputLists(textOf(raw, 'writeToFile') ?? ''),
    releaseName: textOf(raw, 'swRelease') ?? '',
  };
}

/** Spec: Pilot › An analysis job is one whose transformation is loaded from the web. */
export function isAnalysis(job: Pick<JobDefinition, 'transformation'>): boolean {
  return /^https?:\/\//.test(job.transformation);
}

/** A build job makes a library for the other jobs of its task. */
export function isBuild(job: Pick<JobDefinition, 'outputs'>): boolean {
  return job.outputs.some((file) => /\.lib\.tgz(\.\d+)*$/.test(file.lfn));
}

function identityOf(raw: Definition): Pick<JobDefinition, 'pandaId' | 'attemptNr' | 'taskId' | 'processingType' | 'userId'> {
  return {
    pandaId: textOf(raw, 'PandaID') ?? '',
    attemptNr: numberOf(raw, 'attemptNr', 0),
    taskId: textOf(raw, 'taskID'),
    processingType: textOf(raw, 'processingType') ?? '',
    userId: textOf(raw, 'prodUserID') ?? '',
  };
}

function limitsOf(raw: Definition): Pick<JobDefinition, 'coreCount' | 'maxWalltimeS' | 'maxCpuCountS'> {
  return {
    coreCount: Math.max(1, numberOf(raw, 'coreCount', 1)),
    maxWalltimeS: numberOf(raw, 'maxWalltime', 0),
    maxCpuCountS: numberOf(raw, 'maxCpuCount', 0),
  };
}

function stepsOf(raw: Definition): Pick<JobDefinition, 'preprocess' | 'postprocess' | 'containerExec'> {
  const options = jsonOf(raw, 'containerOptions');
  const exec = options?.containerExec;
  return {
    preprocess: stepOf(raw, 'preprocess'),
    postprocess: stepOf(raw, 'postprocess'),
    containerExec: typeof exec === 'string' ? exec : undefined,
  };
}

function stepOf(raw: Definition, name: string): Step | undefined {
  const step = jsonOf(raw, name);
  if (typeof step?.command !== 'string') return undefined;
  return { command: step.command, args: typeof step.args === 'string' ? step.args : '' };
}

function readInputs(raw: Definition): InputFile[] {
  const lfns = listOf(raw, 'inFiles');
  const columns = aligned(raw, lfns.length, [
    'scopeIn',
    'GUID',
    'realDatasetsIn',
    'ddmEndPointIn',
    'fsize',
    'checksum',
    'prodDBlockToken',
  ]);
  const seen = new Set<string>();
  const files: InputFile[] = [];
  lfns.forEach((lfn, index) => {
    if (lfn === '' || lfn === 'NULL' || seen.has(lfn)) return;
    seen.add(lfn);
    const at = (name: string): string => columns[name]?.[index] ?? '';
    files.push({
      lfn: checkedName(lfn),
      scope: present(at('scopeIn')) ?? '',
      guid: at('GUID'),
      dataset: at('realDatasetsIn'),
      endpoint: present(at('ddmEndPointIn')),
      bytes: /^\d+$/.test(at('fsize')) ? Number(at('fsize')) : undefined,
      checksum: readChecksum(at('checksum')),
      storageToken: at('prodDBlockToken'),
    });
  });
  return files;
}

/** `scopeOut` has one entry per output without the log, in order; the log has its own scope. */
function readOutputs(raw: Definition, logName: string | undefined): OutputFile[] {
  const lfns = listOf(raw, 'outFiles');
  const columns = aligned(raw, lfns.length, ['realDatasets', 'ddmEndPointOut']);
  const scopes = listOf(raw, 'scopeOut');
  const optional = new Set(listOf(raw, 'allowNoOutput'));
  let outputNr = 0;
  return lfns.flatMap((lfn, index) => {
    if (lfn === '' || lfn === 'NULL') return [];
    const isLog = lfn === logName;
    const scope = isLog ? (textOf(raw, 'scopeLog') ?? '') : (scopes[outputNr++] ?? '');
    return {
      lfn: checkedName(lfn),
      scope: present(scope) ?? '',
      dataset: columns.realDatasets?.[index] ?? '',
      endpoint: present(columns.ddmEndPointOut?.[index] ?? ''),
      isLog,
      guid: isLog ? textOf(raw, 'logGUID') : undefined,
      mayBeMissing: optional.has(lfn),
    };
  });
}

/**
 * Jobs flagged for encoding have their parameters in base64, and no flag says so. Parameters have options or blanks, which base64 has not;
 * what decodes to text with a blank in it was encoded.
 */
function decoded(parameters: string): string {
  if (parameters.length < 8 || parameters.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(parameters)) return parameters;
  const text = Buffer.from(parameters, 'base64').toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters tell that this was no text
  return text.includes(' ') && !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? text : parameters;
}

/** Columns in the order of the files; one that is given must have an entry for each. */
function aligned(raw: Definition, length: number, names: readonly string[]): Record<string, string[]> {
  const columns: Record<string, string[]> = {};
  for (const name of names) {
    const values = listOf(raw, name);
    if (values.length > 0 && values.length !== length) {
      throw new JobFailure('NOTSAMELENGTH', `${name} has ${values.length} entries for ${length} files`);
    }
    columns[name] = values;
  }
  return columns;
}

/** A file name becomes a path in the job directory: what could leave it is refused. */
function checkedName(lfn: string): string {
  if (lfn.length > LFN_MAX) throw new JobFailure('LFNTOOLONG', lfn);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[/\u0000-\u001f]/.test(lfn) || lfn === '.' || lfn === '..' || lfn.startsWith('-'))
    throw new JobFailure('BADOUTPUTFILENAME', lfn);
  return lfn;
}

/** `ad:1a2b3c4d`, `md:…`, or a bare md5 sum. */
export function readChecksum(text: string): Checksum | undefined {
  const [prefix, value] = text.includes(':') ? (text.split(':', 2) as [string, string]) : ['md', text];
  if (value === '' || value === 'NULL') return undefined;
  if (prefix === 'ad') return { kind: 'adler32', value: value.toLowerCase().padStart(8, '0') };
  if (prefix === 'md') return { kind: 'md5', value: value.toLowerCase() };
  throw new JobFailure('UNKNOWNCHECKSUMTYPE', text);
}

/** `inputFor_a:lfn1,lfn2^inputFor_b:lfn3` → file to its lines. Spec: Pilot › writetofile. */
function readInputLists(text: string): Map<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const part of text.split('^')) {
    const at = part.indexOf(':');
    if (at <= 0) continue;
    lists.set(checkedName(part.slice(0, at)), part.slice(at + 1).split(','));
  }
  return lists;
}

function present(text: string): string | undefined {
  return text === '' || text === 'NULL' ? undefined : text;
}
