import { readFile, writeFile } from 'node:fs/promises';
import { arch, homedir, release, tmpdir, type } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ClientError, type StoredSandbox } from '@panda/client';
import type { CliConfig } from '../cli.config.js';
import type { Session } from '../session/session.js';
import { currentUser, type User } from '../session/user.js';
import { COMPATIBLE_CLIENT_VERSION } from '../version.js';
import { mapOfBulkTask } from './map/bulk.js';
import { outputNameObjection, outputsObjection } from './map/output-names.js';
import { type TaskParameters, taskParameters } from './map/task-parameters.js';
import type { Messages } from './messages.js';
import { PrunError } from './prun-error.js';
import { makeSandbox, type Sandbox } from './sandbox/make-sandbox.js';
import { withScratch } from './sandbox/scratch.js';
import { type InputOutput, type Submission, sendsSandbox } from './submission/submission.js';
import { type WorkDirectory, workDirectory } from './work-directory.js';

export interface Surroundings {
  readonly session: Session;
  readonly config: CliConfig;
  readonly messages: Messages;
  readonly cwd: string;
  readonly commandLine: string;
  readonly uuid: () => string;
  /** Whether to send the home directory; undefined when nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
}

export interface SubmittedWork {
  readonly outDS: string;
  readonly map: TaskParameters;
  /** Undefined with --noSubmit and when the server refused. */
  readonly jediTaskId: number | undefined;
  readonly message: string;
  readonly error?: PrunError;
}

/** From a prepared command line to registered tasks: gather, upload, build the map, check it, submit. */
export async function submitWork(submission: Submission, surroundings: Surroundings): Promise<SubmittedWork[]> {
  const user = await userOf(surroundings);
  for (const { outDS } of submission.tasks) checkName(outDS, user, submission);
  const directory = workDirectory(submission.workDir, surroundings.cwd);
  checkOutputs(mapOf(submission, '', directory, surroundings), submission);
  await checkHome(submission, directory, surroundings);
  return withScratch(
    submission.tmpDir === '' ? tmpdir() : resolve(surroundings.cwd, submission.tmpDir),
    surroundings.uuid(),
    async (scratch) => {
      const archiveName = await sendSandbox(submission, directory, scratch, surroundings);
      const ready = await sendGoodRunList(submission, scratch, surroundings);
      const first = mapOf(ready, archiveName, directory, surroundings);
      const works: SubmittedWork[] = [];
      for (const [i, task] of ready.tasks.entries()) {
        const map = ready.tasks.length === 1 ? first : mapOfBulkTask(first, task, i);
        checkOutputs(map, ready);
        works.push(await submitOne(ready, task, map, surroundings));
      }
      return works;
    },
  );
}

async function userOf({ session }: Surroundings): Promise<User> {
  try {
    return await currentUser(session);
  } catch (cause) {
    if (cause instanceof ClientError) throw new PrunError('config', cause.message, cause);
    throw cause;
  }
}

function checkName(outDS: string, user: User, submission: Submission): void {
  const reason = outputNameObjection(outDS, user, submission);
  if (reason !== undefined) throw new PrunError('config', reason);
}

/** Made with a map that has no sandbox yet, so that wrong names are found before anything is gathered or sent. */
function checkOutputs(map: TaskParameters, { unlimitNumOutputs }: Submission): void {
  const reason = outputsObjection(map, unlimitNumOutputs);
  if (reason !== undefined) throw new PrunError('config', reason);
}

/** A home directory holds mail and keys: it is sent only on purpose. */
async function checkHome(submission: Submission, { top }: WorkDirectory, { confirm }: Surroundings): Promise<void> {
  if (top !== resolve(homedir()) || submission.useHomeDir || !sendsSandbox(submission)) return;
  const agreed =
    submission.is_confirmed ||
    (await confirm(`prun is about to send all files under your home directory ${top}. Do you want that?`));
  if (!agreed) throw new PrunError('config', 'the home directory is not sent; change to a sub-directory, or give --useHomeDir');
}

/** Answers the name under which jobs find the sandbox; empty when there is none. */
async function sendSandbox(
  submission: Submission,
  { top }: WorkDirectory,
  scratch: string,
  surroundings: Surroundings,
): Promise<string> {
  if (!sendsSandbox(submission)) return '';
  const { uuid, messages, session, cwd } = surroundings;
  const sandbox = await makeSandbox(submission, { cwd, workDir: top, scratch, uuid, messages });
  if (sandbox.path === undefined || submission.noSubmit) return sandbox.name;
  messages.info('upload sandbox');
  const stored = await upload(sandbox, submission, surroundings);
  if (stored.reused) messages.detail(`the server has the same sandbox already: ${stored.name}`);
  if (stored.host !== undefined) session.client.connection.useCacheHost(stored.host);
  return stored.name;
}

/** With --vo sandboxes go to the server itself, else to the cache server, as with the real tool. */
async function upload({ path, name }: Sandbox, submission: Submission, { session }: Surroundings): Promise<StoredSandbox> {
  try {
    return await session.client.sandboxes.put(path ?? '', name, { toCache: submission.vo === undefined });
  } catch (cause) {
    if (cause instanceof ClientError) throw new PrunError('upload', `failed to upload sandbox: ${cause.message}`, cause);
    throw cause;
  }
}

/** The list travels packed, under a name of its own; the preprocessing job asks for it without the ending. */
async function sendGoodRunList(submission: Submission, scratch: string, surroundings: Surroundings): Promise<Submission> {
  if (submission.goodRunListXML === '' || submission.noSubmit) return submission;
  const name = `pre_${surroundings.uuid()}.dat`;
  const packed = { path: join(scratch, `${name}.gz`), name: `${name}.gz` };
  try {
    await writeFile(packed.path, await promisify(gzip)(await readFile(resolve(surroundings.cwd, submission.goodRunListXML))));
  } catch (cause) {
    throw new PrunError('config', `cannot read ${submission.goodRunListXML}: ${(cause as NodeJS.ErrnoException).code}`, cause);
  }
  surroundings.messages.info('uploading data file for preprocessing');
  await upload(packed, submission, surroundings);
  return { ...submission, goodRunListXML: name };
}

function mapOf(
  submission: Submission,
  archiveName: string,
  { runDir }: WorkDirectory,
  surroundings: Surroundings,
): TaskParameters {
  const { session, config, commandLine, uuid } = surroundings;
  const { baseUrl, cacheUrl } = session.client.connection;
  const map = taskParameters(submission, {
    archiveName,
    runDir,
    usesCmake: config.cmakePrefix !== undefined,
    clientVersion: COMPATIBLE_CLIENT_VERSION,
    commandLine,
    sourceUrl: new URL(submission.vo === undefined ? cacheUrl : baseUrl).origin,
    osInfo: `${type()}-${release()}-${arch()}`,
    userPlatform: config.userPlatform,
    uuid,
  });
  if (!map.ok) throw new PrunError('config', map.reason);
  return map.value;
}

async function submitOne(
  submission: Submission,
  { outDS }: InputOutput,
  map: TaskParameters,
  surroundings: Surroundings,
): Promise<SubmittedWork> {
  if (submission.noSubmit) return { outDS, map, jediTaskId: undefined, message: '' };
  const { messages, session } = surroundings;
  messages.info(`submit ${outDS}`);
  try {
    const { jediTaskId, message } = await session.client.tasks.submit(map, submission.parentTaskID);
    messages.info(message);
    return { outDS, map, jediTaskId, message };
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    const message = `task submission failed. ${cause.message}`;
    return { outDS, map, jediTaskId: undefined, message, error: new PrunError('submit', message, cause) };
  }
}
