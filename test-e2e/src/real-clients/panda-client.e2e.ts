import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { environment } from '@panda/config';
import { LaunchedBox } from '../chain/launched-box.js';
import { PandaClient } from './panda-client.js';

jest.setTimeout(240_000);

const LOOK_MS = 1_000;
/** A checkout of PanDAWMS/panda-client, 1.4.93 or later; these tests run where there is one. */
const source = environment().PANDA_CLIENT_SRC ?? '';
const possible = existsSync(join(source, 'pandaclient'));
if (!possible) process.stderr.write('SKIPPED: no unmodified panda-client, PANDA_CLIENT_SRC names no checkout of it\n');

(possible ? describe : describe.skip)('an unmodified panda-client', () => {
  let dir: string;
  let box: LaunchedBox;
  let server: string;
  let user: { nickname: string; password: string };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-client-e2e-'));
    box = LaunchedBox.start('main', join(dir, 'box'), ['--no-demo']);
    server = (await box.says(/API +(http:\/\/localhost:\d+)/))[1] ?? '';
    const [, nickname = '', password = ''] = await box.says(/sign in as +(\S+) +password (\S+)/);
    user = { nickname, password };
  });
  afterAll(async () => {
    await box.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** What pbook shows of the task once it is in one of the states. */
  const shown = async (client: PandaClient, task: string, states: RegExp) => {
    for (;;) {
      const { code, text } = await client.pbook(`show(${task})`);
      if (code !== 0) throw new Error(`pbook ended with ${code}:\n${text}`); // a Python module that it needs is missing, for one
      if (states.test(text)) return text;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const whenDone = (client: PandaClient, task: string) =>
    shown(client, task, /\b(done|finished|failed|broken|exhausted|aborted)\b/);

  it.each(['native', 'curl'] as const)(
    'CLIENT-03 signs in, runs a task and its successor, and submits it again over %s',
    async (transport) => {
      const client = new PandaClient(source, dir, server, transport, user);
      const name = `user.${user.nickname}.${transport}`;
      const first = ['--exec', 'echo hi > out.txt', '--nJobs', '2', '--outputs', 'out.txt', '--outDS', name];

      const submitted = await client.prun(...first);
      const task = /succeeded\. new jediTaskID=(\d+)/.exec(submitted.text)?.[1] ?? submitted.text;
      expect(await whenDone(client, task)).toMatch(/\bdone\b.*100/);
      const stored = readdirSync(join(dir, 'box/storage'), { recursive: true }).map((path) => String(path).split('/').at(-1));
      for (const serial of ['000001', '000002']) expect(stored).toContain(`user.${user.nickname}.${task}._${serial}.out.txt`);

      const second = [
        '--exec',
        'cat %IN > o.txt',
        '--inDS',
        `${name}_out.txt/`,
        '--nFilesPerJob',
        '1',
        '--noBuild',
        '--outputs',
        'o.txt',
      ];
      const next = /new jediTaskID=(\d+)/.exec((await client.prun(...second, '--outDS', `${name}.next`)).text)?.[1] ?? '';
      expect(await whenDone(client, next)).toMatch(/\bdone\b.*100/);

      expect((await client.prun(...first)).text).toContain(`reactivation accepted. jediTaskID=${task} (currently in done state)`);
      expect((await client.pbook('kill(999999)')).text).toContain('Permission denied');
    },
  );

  it('builds a program in a job of its own, ends tasks by kill and finish, and tries a failed one again', async () => {
    const client = new PandaClient(source, dir, server, 'native', user);
    const submit = async (name: string, ...args: string[]) => {
      const { text } = await client.prun('--nJobs', '1', '--outDS', `user.${user.nickname}.${name}`, ...args);
      const task = /succeeded\. new jediTaskID=(\d+)/.exec(text)?.[1];
      if (task === undefined) throw new Error(`prun did not submit:\n${text}`);
      return task;
    };
    const command = async (line: string) => (await client.pbook(line)).text;

    const built = await submit(
      'built',
      '--bexec',
      'echo made here > made.txt',
      '--exec',
      'cp made.txt out.txt',
      '--outputs',
      'out.txt',
    );
    expect(await whenDone(client, built)).toMatch(/\bdone\b/);

    const killed = await submit('killed', '--noBuild', '--exec', 'sleep 900');
    expect(await command(`kill(${killed})`)).toMatch(/Done, jediTaskID=\d+ will be (killed|finished)/);
    expect(await whenDone(client, killed)).toMatch(/\baborted\b/);

    const ended = await submit('ended', '--noBuild', '--exec', 'sleep 900');
    expect(await command(`finish(${ended})`)).toMatch(/Done, jediTaskID=\d+ will be (killed|finished)/);
    expect(await whenDone(client, ended)).toMatch(/\b(finished|failed|aborted)\b/);

    const mended = join(dir, 'mended');
    const failing = await submit('failing', '--noBuild', '--maxAttempt', '1', '--exec', `test -e ${mended} || exit 7`);
    expect(await whenDone(client, failing)).toMatch(/\b(failed|exhausted)\b/);
    writeFileSync(mended, '');
    expect(await command(`retry(${failing})`)).toContain('command=retry is registered');
    await shown(client, failing, /\bdone\b/);
  });
});
