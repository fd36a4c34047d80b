import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordingServer } from '@panda/testing';
import { bookCommands } from '../pbook/command-table.js';
import { helpText } from '../prun/help.js';
import { exampleLines, linesIn } from '../testing/example-lines.js';
import { answerAll } from '../testing/gateway-answers.js';
import { runHere } from '../testing/run-here.js';
import { aliceToken } from '../testing/run-tool.js';

let server: RecordingServer;
let directory: string;

beforeAll(async () => {
  server = answerAll(await RecordingServer.start());
  directory = mkdtempSync(join(tmpdir(), 'panda-examples-'));
  for (const name of ['events.root', 'a.root', 'b.root', 'key.pem']) writeFileSync(join(directory, name), 'hello');
  writeFileSync(join(directory, 'options.json'), '{"exec": "x", "outDS": "user.alice.x"}');
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

function environment(line: string): Record<string, string> {
  const identity: Record<string, string> = /^panda log(in|out)/.test(line)
    ? { PANDA_AUTH: 'oidc' }
    : { PANDA_AUTH_ID_TOKEN: aliceToken };
  return { PANDA_URL_SSL: `${server.url}/server/panda`, PANDA_CONFIG_ROOT: directory, ...identity };
}

/** Operators' commands need a database: their examples are run in admin/examples.int.spec.ts. */
const lines = [...exampleLines((path) => path[1] !== 'admin'), ...linesIn(helpText('') ?? '')];

describe('the example', () => {
  it.each(lines)('%s works', async (line, [tool = '', ...args]) => {
    const run = await runHere(tool as 'panda' | 'prun', args, { cwd: directory, env: environment(line) });
    expect({ code: run.code, stderr: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('of every pbook command works', async () => {
    const statements = bookCommands.filter(({ name }) => name !== 'generate_credential').flatMap(({ examples }) => examples);
    const text = statements.join('\n').replace('/path/key.pem', join(directory, 'key.pem'));
    const run = await runHere('pbook', ['-c', text], { cwd: directory, env: environment('pbook') });
    expect({ code: run.code, errors: run.stdout.match(/^ERROR.*$/gm) }).toEqual({ code: 0, errors: null });
  });
});
