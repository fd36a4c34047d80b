import { ClientError, type Fields } from '@panda/client';
import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { exitCodes } from '../../terminal/exit-codes.js';
import { Exit } from '../../terminal/failure.js';
import { cell, facts, table } from '../../terminal/table.js';
import { act, type Context, idOf, idsOf } from '../context.js';
import { examples } from '../examples.js';
import { paintStatus } from '../status-paint.js';

export function addJobCommands(program: Command, host: Host): void {
  const list = program
    .command('jobs <jediTaskID>')
    .description('list the jobs of a task')
    .option('--unsuccessful', 'only those that did not finish');
  act(host, examples(list, ['panda jobs 12345678', 'panda jobs 12345678 --unsuccessful']), listJobs);
  const show = program.command('job <PandaID>').description('show one job and its files');
  act(host, examples(show, ['panda job 5000000001']), showJob);
  const kill = program.command('kill-jobs <PandaID...>').description('kill single jobs; the task goes on');
  act(host, examples(kill, ['panda kill-jobs 5000000001 5000000002']), killJobs);
  const debug = program
    .command('debug <PandaID>')
    .description('let a job show its output while it runs')
    .option('--off', 'no longer');
  act(host, examples(debug, ['panda debug 5000000001']), setDebug);
}

async function listJobs({ terminal, json, session }: Context, options: { unsuccessful?: boolean }, task: string): Promise<void> {
  const id = idOf(task);
  const jobs = await session.client.tasks.jobDescriptions(id, options.unsuccessful === true);
  // A task that does not exist has no jobs either: asking for its state throws.
  if (jobs.length === 0) await session.client.tasks.status(id);
  if (json) return terminal.json(jobs);
  if (jobs.length === 0) return terminal.note('no jobs');
  terminal.out(
    table<Fields>(
      [
        { head: 'ID', value: ({ PandaID }) => PandaID, right: true },
        { head: 'STATUS', value: ({ jobStatus }) => jobStatus, paint: (text) => paintStatus(terminal, text) },
        { head: 'SITE', value: ({ computingSite }) => computingSite },
        { head: 'ATTEMPT', value: ({ attemptNr }) => attemptNr, right: true },
        { head: 'CHANGED', value: ({ modificationTime }) => modificationTime },
        { head: 'ERROR', value: (job) => errorsOf(job)[0] },
      ],
      jobs,
    ),
  );
}

async function showJob({ terminal, json, session }: Context, _options: object, id: string): Promise<void> {
  const [job] = await session.client.jobs.describe([idOf(id)]);
  if (job === null || job === undefined) throw new ClientError('PANDA-CLIENT-008', `there is no job ${id}`);
  if (json) return terminal.json(job);
  const status = cell(job.jobStatus);
  terminal.out(
    facts([
      ['job', job.PandaID],
      ['status', status],
      ['detail', job.jobSubStatus],
      ['task', job.jediTaskID],
      ['site', job.computingSite],
      ['attempt', job.attemptNr],
      ['cores', job.coreCount],
      ['created', job.creationTime],
      ['started', job.startTime],
      ['ended', job.endTime],
      ['worker node', job.modificationHost],
      ...errorsOf(job).map((error) => ['error', error] as const),
    ]),
  );
  const files = Array.isArray(job.Files) ? (job.Files as Fields[]) : [];
  if (files.length > 0) terminal.out(`\n${filesTable(files)}`);
}

function filesTable(files: readonly Fields[]): string {
  return table<Fields>(
    [
      { head: 'TYPE', value: ({ type }) => type },
      { head: 'STATUS', value: ({ status }) => status },
      { head: 'SIZE', value: ({ fsize }) => fsize, right: true },
      { head: 'FILE', value: ({ lfn }) => lfn },
    ],
    files,
  );
}

const errorFields = ['pilot', 'exe', 'ddm', 'sup', 'brokerage', 'jobDispatcher', 'taskBuffer'] as const;

/** `pilot 1305: Failed to execute payload`, for each component that reported an error. */
function errorsOf(job: Fields): string[] {
  return errorFields
    .filter((component) => Number(job[`${component}ErrorCode`] ?? 0) !== 0)
    .map((component) => `${component} ${cell(job[`${component}ErrorCode`])}: ${cell(job[`${component}ErrorDiag`])}`);
}

async function killJobs({ terminal, json, session }: Context, _options: object, ids: string[]): Promise<void> {
  const jobs = idsOf(ids);
  const taken = await session.client.jobs.kill(jobs);
  const results = jobs.map((id, i) => ({ PandaID: id, killed: taken[i] === true }));
  if (json) terminal.json(results);
  else for (const { PandaID, killed } of results) terminal.out(`job ${PandaID}: ${killed ? 'will be killed' : 'refused'}`);
  if (results.some(({ killed }) => !killed)) throw new Exit(exitCodes.failed);
}

async function setDebug({ terminal, json, session }: Context, options: { off?: boolean }, id: string): Promise<void> {
  const message = await session.client.jobs.setDebugMode(idOf(id), options.off !== true);
  if (json) return terminal.json({ message });
  terminal.out(cell(message));
}
