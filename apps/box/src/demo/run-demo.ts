import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '@panda/config';
import { taskStatus } from '@panda/domain';
import { signInDevice } from '../identity/device-sign-in.js';
import { BOX_VO } from '../launch/environment.js';
import type { Fleet } from '../launch/launcher.js';
import { rememberDemo } from './completed.js';
import { follow } from './follow.js';
import { draw, entries, isZPeak, parseHistogram, peak } from './histogram.js';
import { mustRun, type Shell } from './tool.js';

const JOBS = 20;
const EVENTS_PER_JOB = 500;
const FILES_PER_JOB = 2;
/** The input of one analysis job, whose first attempt fails on purpose. */
const FAILS_ONCE = '._000007.';

const assets = fileURLToPath(new URL('../../assets/demo/', import.meta.url));

/** A Z boson in one command: generate, analyse, merge, look. True when both tasks are done and the peak is where it belongs. */
export async function runDemo(fleet: Fleet, say: (line: string) => void, signal: AbortSignal): Promise<boolean> {
  const [account] = fleet.identity.accounts;
  if (!account) throw new Error('the box has no account');
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(2, 14);
  const home = join(fleet.layout.demo, stamp);
  await cp(assets, home, { recursive: true });
  const shell = (folder: string): Shell => ({ cwd: join(home, folder), env: userEnvironment(fleet, home), signal });
  await signIn(shell('.'), account);
  const name = (what: string) => `user.${account.nickname}.${what}.${stamp}`;

  say(
    `generating ${JOBS} × ${EVENTS_PER_JOB} toy collisions: prun --exec "sh generate.sh %RNDM:1 ${EVENTS_PER_JOB} events.txt" --nJobs ${JOBS} …`,
  );
  const generate = await submit(shell('generate'), [
    ...['--exec', `sh generate.sh %RNDM:1 ${EVENTS_PER_JOB} events.txt`, '--nJobs', String(JOBS)],
    ...['--outputs', 'events.txt', '--outDS', name('zmumu')],
  ]);
  const [made] = await follow(shell('.'), [{ title: 'generate', jediTaskId: generate }], say);
  if (made !== taskStatus.done) return refused(say, generate, made);

  say(
    `analysing them: prun --inDS ${name('zmumu')}_events.txt/ --bexec "sh build.sh" --exec "sh analyse.sh %IN histogram.txt …" --mergeOutput …`,
  );
  const analyse = await submit(shell('analyse'), [
    ...['--inDS', `${name('zmumu')}_events.txt/`, '--nFilesPerJob', String(FILES_PER_JOB), '--bexec', 'sh build.sh'],
    ...['--exec', `sh analyse.sh %IN histogram.txt ${FAILS_ONCE}`, '--outputs', 'histogram.txt', '--outDS', name('dimuon')],
    ...['--mergeOutput', '--mergeScript', 'sh merge.sh %OUT %IN'],
  ]);
  const [analysed] = await follow(shell('.'), [{ title: 'analyse', jediTaskId: analyse }], say);
  if (analysed !== taskStatus.done) return refused(say, analyse, analysed);
  const right = await show(shell('.'), `${name('dimuon')}_histogram.txt/`, join(home, 'result'), say);
  if (right) await rememberDemo(fleet.layout.demonstrated, { tasks: [generate, analyse] });
  return right;
}

function userEnvironment({ server }: Fleet, home: string): Record<string, string> {
  const { PATH = '', HOME = home } = environment();
  return {
    PATH,
    HOME,
    PANDA_URL: `${server}/server/panda`,
    PANDA_URL_SSL: `${server}/server/panda`,
    PANDACACHE_URL: `${server}/server/panda`,
    PANDA_AUTH: 'oidc',
    PANDA_AUTH_VO: BOX_VO,
    PANDA_CONFIG_ROOT: join(home, 'config'),
  };
}

/** The device flow, with the box in the place of the user's browser. */
async function signIn(shell: Shell, account: { nickname: string; password: string }): Promise<void> {
  await mkdir(shell.env.PANDA_CONFIG_ROOT ?? shell.cwd, { recursive: true });
  let confirmed: Promise<void> | undefined;
  await mustRun(shell, 'panda', ['login'], (text) => {
    const [url] = /http:\S+user_code=\S+/.exec(text) ?? [];
    if (url) confirmed ??= signInDevice(url, account.nickname, account.password);
  });
  await confirmed;
}

async function submit(shell: Shell, args: readonly string[]): Promise<number> {
  const output = await mustRun(shell, 'prun', [...args, '--vo', BOX_VO]);
  const id = Number(/jediTaskID=(\d+)/.exec(output)?.[1]);
  if (!id) throw new Error(`prun named no task: ${output.trim()}`);
  return id;
}

function refused(say: (line: string) => void, jediTaskId: number, status: string | undefined): boolean {
  say(`task ${jediTaskId} ended ${status}; ask why with: panda why task ${jediTaskId}`);
  return false;
}

async function show(shell: Shell, dataset: string, folder: string, say: (line: string) => void): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  await mustRun(shell, 'panda', ['data', 'get', dataset, '--to', folder]);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('histogram.txt'));
  if (files.length !== 1) throw new Error(`expected one merged histogram in ${folder}, found ${files.length}`);
  const bins = parseHistogram(await readFile(join(folder, files[0] ?? ''), 'utf8'));
  const right = isZPeak(bins) && entries(bins) > 0;
  say(draw(bins));
  say(
    `${entries(bins)} di-muon pairs; the peak is at ${peak(bins).toFixed(2)} GeV: ${right ? 'a Z boson' : 'not where a Z boson is'}`,
  );
  return right;
}
