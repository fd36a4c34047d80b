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
});
