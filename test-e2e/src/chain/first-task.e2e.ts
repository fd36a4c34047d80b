import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { signInDevice } from '@panda/box';
import { LaunchedBox } from './launched-box.js';

jest.setTimeout(300_000);

const PAGE = 'docs/how-to/submit-a-task.md';
const TASK_ENDED = ['done', 'finished', 'failed', 'broken', 'aborted'];

/** The page's commands, typed by somebody who reads it beside a new box. */
describe(PAGE, () => {
  let dir: string;
  let box: LaunchedBox;
  let prepare: string;
  let blocks: string[];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-first-task-'));
    box = LaunchedBox.start('main', join(dir, 'box'), ['--no-demo']);
    const [, server = ''] = await box.says(/^API\s+(http:\S+)\/api\/v1/m);
    const [, nickname = ''] = await box.says(/^sign in as\s+(\S+)/m);
    const page = await readFile(PAGE, 'utf8');
    [prepare = '', ...blocks] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) =>
      text.replaceAll('http://localhost:25080', server).replaceAll('$USER', nickname).replaceAll(/^ {3}/gm, ''),
    );
  });
  afterAll(async () => {
    await box.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** Standard output of a block, in a folder of the user's own. */
  async function type(
    block: string | undefined,
    heard: (text: string) => Promise<void> = async () => undefined,
  ): Promise<string> {
    const script = ['shopt -s expand_aliases', prepare, `cd ${dir}/user`, block].join('\n');
    const shell = spawn('bash', ['-euc', `mkdir -p ${dir}/user\n${script}`], {
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let all = '';
    let hearing = Promise.resolve();
    shell.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        all += chunk.toString();
        hearing = hearing.then(() => heard(all));
      });
    }
    const code = await new Promise((resolve) => shell.once('close', resolve));
    await hearing;
    if (code !== 0) throw new Error(`${block} ended with ${code}: ${all}`);
    return out;
  }

  it('takes a newcomer from signing in to the output', async () => {
    const [signIn, submit, follow, fetchOutput] = blocks;
    const [, nickname = '', password = ''] = await box.says(/^sign in as\s+(\S+)\s+password (\S+)/m);
    let confirmed = false;
    const whoami = await type(signIn, async (text) => {
      const [url] = /http:\S+user_code=\S+/.exec(text) ?? [];
      if (confirmed || !url) return;
      confirmed = true;
      await signInDevice(url, nickname, password);
    });
    expect(whoami).toContain(nickname);

    await type(submit);
    let status = '';
    while (!TASK_ENDED.includes(status)) status = JSON.parse(await type('panda --json task 1')).status;
    expect(status).toBe('done');
    expect(await type(follow)).toMatch(/status +done[\s\S]*(finished[\s\S]*){3}/);

    await type(fetchOutput);
    const names = (await readdir(join(dir, 'user'))).filter((name) => name.startsWith(`user.${nickname}.`));
    const outputs = await Promise.all(names.map((name) => readFile(join(dir, 'user', name), 'utf8')));
    expect(outputs.sort()).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^hello from job \d+\n$/)));
    expect(new Set(outputs).size).toBe(3);
  });

  it('CLI-prun-01 CLI-prun-03 CLI-prun-33 CLI-secrets-06 runs a command in jobs after one build job, with the user’s secrets', async () => {
    const [, nickname = ''] = await box.says(/^sign in as\s+(\S+)/m);
    const name = `user.${nickname}.built`;
    await type('panda secrets set TOKEN hush');
    const exec = 'echo $(cat made.txt) $(cat panda_secrets.json) > out.txt';
    await type(`prun --bexec 'echo built > made.txt' --exec '${exec}' --outputs out.txt --nJobs 3 --useSecrets --outDS ${name}`);
    let status = '';
    while (!TASK_ENDED.includes(status)) status = JSON.parse(await type('panda --json task 2')).status;
    expect(status).toBe('done');

    const jobs = JSON.parse(await type('panda --json jobs 2')) as Record<'transformation' | 'jobStatus', string>[];
    const of = (transform: RegExp) => jobs.filter(({ transformation }) => transform.test(transformation));
    expect([of(/buildGen/).length, of(/runGen/).length, jobs.length]).toEqual([1, 3, 4]);
    expect(jobs.every(({ jobStatus }) => jobStatus === 'finished')).toBe(true);

    const datasets = (await type('panda data ls')).split('\n').filter((line) => line.includes(`:${name}`));
    expect(datasets.map((line) => /:(\S+)\s+dataset\s+no\s+(\d+)/.exec(line)?.slice(1)).sort()).toEqual([
      [`${name}.log`, '3'],
      [`${name}_out.txt`, '3'],
    ]);
    await type(`panda data get ${name}_out.txt/`);
    const got = (await readdir(join(dir, 'user'))).filter((file) => file.startsWith(`user.${nickname}.2.`));
    const outputs = await Promise.all(got.map((file) => readFile(join(dir, 'user', file), 'utf8')));
    expect(outputs).toEqual(Array.from({ length: 3 }, () => 'built {"TOKEN":"hush"}\n'));
  });
});
