import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { commandLineText } from '../../prun/map/command-line.js';
import { notesOn } from '../../prun/messages.js';
import { parseOptions } from '../../prun/options/parse.js';
import { PrunError } from '../../prun/prun-error.js';
import { localFilesIn } from '../../prun/submission/local-lists.js';
import { prepare } from '../../prun/submission/prepare.js';
import { type SubmittedWork, submitWork } from '../../prun/submit-work.js';
import { currentUser } from '../../session/user.js';
import { exitCodes } from '../../terminal/exit-codes.js';
import { Exit, UsageError } from '../../terminal/failure.js';
import { act, type Context, collect, collectWhole, wholeNumber } from '../context.js';
import { examples } from '../examples.js';
import { isSuccess } from '../status-paint.js';
import { watchTask } from '../watch-task.js';
import { taskFacts } from './tasks.command.js';

interface RunOptions {
  readonly name: string;
  readonly in?: readonly string[];
  readonly out?: readonly string[];
  readonly jobs?: number;
  readonly filesPerJob?: number;
  readonly site?: string;
  readonly excludeSite?: readonly string[];
  readonly memory?: number;
  readonly cores?: number;
  readonly image?: string;
  readonly build?: string;
  readonly parent?: number;
  readonly prun?: readonly string[];
  readonly dryRun?: boolean;
  readonly watch?: boolean;
  readonly wait?: boolean;
}

/** A friendlier front to what prun does; both build the same parameter map. */
export function addRunCommand(program: Command, host: Host): void {
  const run = program
    .command('run <command...>')
    .description('run a command on the grid with the files of this directory')
    .requiredOption('--name <text>', 'name of the work; outputs are user.<nickname>.<text>')
    .option('--in <dataset>', 'input dataset, may be repeated; %IN in the command is a job’s files', collect)
    .option('--out <file>', 'file each job writes, may be repeated', collect)
    .option('--jobs <n>', 'number of jobs', wholeNumber())
    .option('--files-per-job <n>', 'input files of a job', wholeNumber())
    .option('--site <queue>', 'run on this queue')
    .option('--exclude-site <queue>', 'do not run on this queue, may be repeated', collect)
    .option('--memory <MB>', 'memory for each core', wholeNumber())
    .option('--cores <n>', 'cores of a job', wholeNumber())
    .option('--image <image>', 'container image to run in')
    .option('--build <command>', 'run this once on each site before the jobs')
    .option('--parent <jediTaskID>', 'run while this task still produces the input', wholeNumber())
    .option('--prun <option>', 'further option of prun, may be repeated: --prun=--maxAttempt=5', collectWhole)
    .option('--dry-run', 'show the task parameters, submit nothing')
    .option('--watch', 'follow the task until it ends or needs you')
    .option('--wait', 'the same without showing how it goes');
  act(
    host,
    examples(run, [
      'panda run --name hello --jobs 3 --out out.txt "echo Hello > out.txt"',
      'panda run --name hist --in user.bob.events/ --out hist.root --dry-run -- python job.py %IN',
    ]),
    runWork,
  );
}

async function runWork(context: Context, options: RunOptions, words: string[]): Promise<void> {
  const { terminal, session, config, cwd } = context;
  const { nickname } = await currentUser(session);
  const argv = prunArguments(options, words.join(' '), nickname, session.vo);
  const parsed = parseOptions(argv);
  if (!parsed.ok) throw new UsageError(parsed.reason);
  const submission = prepare(parsed.value.options, { files: localFilesIn(cwd), platform: config.platform, uuid: randomUUID });
  if (!submission.ok) throw new UsageError(submission.reason);
  const messages = notesOn(terminal, false);
  for (const warning of submission.value.warnings) messages.warn(warning);
  const [work] = await submitWork(submission.value, {
    session,
    config,
    messages,
    cwd,
    commandLine: commandLineText('prun', argv),
    uuid: randomUUID,
    confirm: (question) => terminal.confirm(question),
  }).catch(asUsage);
  if (work?.error !== undefined) throw work.error.cause ?? new UsageError(work.error.message);
  if (work !== undefined) await finish(context, options, work);
}

async function finish(
  { terminal, json, session }: Context,
  options: RunOptions,
  { map, jediTaskId, message }: SubmittedWork,
): Promise<void> {
  if (jediTaskId === undefined) return terminal.json(map);
  if (!options.watch && !options.wait) {
    if (json) terminal.json({ jediTaskID: jediTaskId, message, outDS: map.taskName });
    else terminal.out(String(jediTaskId));
    return;
  }
  const show = options.watch === true && !json;
  const task = await watchTask(session.client, jediTaskId, terminal, { intervalMs: 10_000, show });
  if (json) terminal.json(task);
  else terminal.out(taskFacts(terminal, task));
  if (!isSuccess(task.status)) throw new Exit(exitCodes.failed);
}

/** The prun command line that does the same; it is what pbook and monitor show. */
export function prunArguments(options: RunOptions, command: string, nickname: string, vo: string | undefined): string[] {
  const pair = (flag: string, value: string | number | undefined) => (value === undefined ? [] : [flag, String(value)]);
  return [
    ...['--exec', command],
    ...['--outDS', /^(user|group)\d*\./.test(options.name) ? options.name : `user.${nickname}.${options.name}`],
    ...pair('--inDS', options.in?.join(',')),
    ...pair('--outputs', options.out?.join(',')),
    ...pair('--nJobs', options.jobs),
    ...pair('--nFilesPerJob', options.filesPerJob),
    ...pair('--site', options.site),
    ...pair('--excludedSite', options.excludeSite?.join(',')),
    ...pair('--memory', options.memory),
    ...pair('--nCore', options.cores),
    ...pair('--containerImage', options.image),
    ...(options.build === undefined ? ['--noBuild'] : ['--bexec', options.build]),
    ...pair('--parentTaskID', options.parent),
    ...pair('--vo', vo),
    ...(options.dryRun ? ['--noSubmit'] : []),
    ...(options.prun ?? []),
  ];
}

/** Errors of the server keep their own exit codes here; what remains is about options and local files. */
function asUsage(error: unknown): never {
  if (!(error instanceof PrunError)) throw error;
  const { cause } = error;
  if (error.stage === 'config' || error.stage === 'archive')
    throw cause instanceof Error && 'kind' in cause ? cause : new UsageError(error.message);
  throw cause ?? error;
}
