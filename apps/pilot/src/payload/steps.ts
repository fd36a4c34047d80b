import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log, PilotErrorName } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import { isAnalysis, type JobDefinition, type Step } from '../job/job-definition.js';
import { isCoreFile } from '../job/job-directory.js';
import type { JobEnd } from '../job/job-end.js';
import { readParameters } from '../job/job-parameters.js';
import type { ProcessGroup } from '../process/process-group.js';
import type { QueueData } from '../queue/queue-data.js';
import { readPayloadError } from '../report/job-report.js';
import { argumentsInPlace } from '../transfer/access-mode.js';
import { containerTool, inContainer } from './container.js';
import { type Command, PAYLOAD_STDERR, PAYLOAD_STDOUT, type PayloadSettings, runCommand, tailOf } from './payload.js';
import { payloadFailure } from './payload-failure.js';
import { placeTransform, type TransformSource } from './transform.js';

export interface StepContext {
  readonly job: JobDefinition;
  readonly queue: QueueData;
  readonly settings: PayloadSettings;
  readonly transform: TransformSource;
  /** Inputs that stay at the storage: name to address. */
  readonly inPlace: ReadonlyMap<string, string>;
  readonly end: JobEnd;
  readonly clock: Clock;
  readonly log: Log;
  readonly started: (group: ProcessGroup) => void;
}

export interface StepsEnd {
  readonly exitCode: number;
  readonly cpuS: number;
  readonly failure: JobFailure | undefined;
}

const TAIL = 16_384;

/** Runs preprocess, payload and postprocess of a job, as far as it has them; the first that fails is the last. Throws {@link JobFailure}. */
export async function runSteps(context: StepContext): Promise<StepsEnd> {
  const { job } = context;
  const before = await runSide('preprocess', job.preprocess, 'PREPROCESSFAILURE', context);
  if (before?.failure !== undefined) return before;
  const main = await runMain(context);
  if (main.failure !== undefined) return main;
  const after = await runSide('postprocess', job.postprocess, 'POSTPROCESSFAILURE', context);
  return { ...main, cpuS: main.cpuS + (before?.cpuS ?? 0) + (after?.cpuS ?? 0), failure: after?.failure };
}

async function runMain(context: StepContext): Promise<StepsEnd> {
  const { settings, end } = context;
  const command = await mainCommand(context);
  const files = { stdout: PAYLOAD_STDOUT, stderr: PAYLOAD_STDERR };
  const { exitCode, cpuS } = await runCommand(command, files, settings, end, context);
  return { exitCode, cpuS: cpuS ?? 0, failure: end.failure ?? judge(exitCode, context) };
}

async function runSide(
  name: string,
  step: Step | undefined,
  error: PilotErrorName,
  context: StepContext,
): Promise<StepsEnd | undefined> {
  if (step === undefined) return undefined;
  const program = await programOf(step.command, context);
  const files = { stdout: `${name}_stdout.txt`, stderr: `${name}_stderr.txt` };
  const command = { program, args: readParameters(step.args).argv };
  const { exitCode, cpuS } = await runCommand(command, files, context.settings, context.end, context);
  const why = () => new JobFailure(error, `exit code ${exitCode}: ${tailOf(join(context.settings.dir, files.stderr), 400)}`);
  return { exitCode, cpuS: cpuS ?? 0, failure: context.end.failure ?? (exitCode === 0 ? undefined : why()) };
}

/** The payload: the transform with its parameters, or what a multi-step job runs between its steps, in its image if there is one. */
async function mainCommand(context: StepContext): Promise<Command> {
  const { job, queue, settings } = context;
  const { argv: given, containerImage } = readParameters(job.parameters);
  const argv = argumentsInPlace(given, job, context.inPlace);
  const command: Command =
    job.containerExec === undefined
      ? { program: await programOf(job.transformation, context), args: argv }
      : { program: '/bin/sh', args: ['-c', job.containerExec] };
  const image = containerImage ?? job.containerImage;
  const tool = containerTool(queue);
  return image === undefined || tool === undefined ? command : inContainer(tool, image, command, settings.dir, queue);
}

/** A transform that is loaded from the web, or a program of the worker node. */
async function programOf(transformation: string, { settings, transform, clock, log, end }: StepContext): Promise<string> {
  if (transformation === '') throw new JobFailure('TRANSFORMNOTFOUND', 'the job has no transformation');
  if (!isAnalysis({ transformation })) return transformation;
  return `./${await placeTransform(transformation, settings.dir, transform, { clock, log, signal: end.signal })}`;
}

function judge(exitCode: number, { settings, job }: StepContext): JobFailure | undefined {
  const { dir } = settings;
  const told = readPayloadError(dir);
  if (told !== undefined) return new JobFailure('PAYLOADEXECUTIONFAILURE', told.diag);
  const cores = readdirSync(dir).filter(isCoreFile);
  if (!job.debug) for (const core of cores) rmSync(join(dir, core), { force: true });
  if (cores.length > 0) return new JobFailure('COREDUMP', cores.join(' '));
  if (exitCode === 0) return undefined;
  return payloadFailure(exitCode, tailOf(join(dir, PAYLOAD_STDOUT), TAIL), tailOf(join(dir, PAYLOAD_STDERR), TAIL));
}
