import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordingServer } from '@panda/testing';
import type { Command } from 'commander';
import { hostOfProcess } from '../host.js';
import { bookCommands } from '../pbook/command-table.js';
import { helpText } from '../prun/help.js';
import { answerAll } from '../testing/gateway-answers.js';
import { runHere } from '../testing/run-here.js';
import { aliceToken } from '../testing/run-tool.js';
import { pandaProgram } from './program.js';

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

/** The example lines of all helps. Operators' commands need a database: they have tests of their own. */
function exampleLines(): string[] {
  const program = pandaProgram(hostOfProcess());
  const helps = leavesOf(program).map(helpOf);
  return [...helps, helpText('') ?? ''].flatMap((help) => help.match(/^ {2}\$ (.*)$/gm) ?? []).map((line) => line.slice(4));
}

function leavesOf(command: Command): Command[] {
  return command.commands.length === 0
    ? [command]
    : command.commands.filter((child) => child.name() !== 'admin').flatMap(leavesOf);
}

function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ ...command.configureOutput(), writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  return parts.join('');
}

/** Words of a shell line with simple quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}

function environment(line: string): Record<string, string> {
  const login = line.startsWith('panda login');
  const identity: Record<string, string> = login ? { PANDA_AUTH: 'oidc' } : { PANDA_AUTH_ID_TOKEN: aliceToken };
  return { PANDA_URL_SSL: `${server.url}/server/panda`, PANDA_CONFIG_ROOT: directory, ...identity };
}

describe('the example', () => {
  it.each(exampleLines())('%s works', async (line) => {
    const [tool = '', ...args] = words(line);
    const run = await runHere(tool as 'panda' | 'prun', args, { cwd: directory, env: environment(line) });
    expect({ code: run.code, stderr: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('of every pbook command works', async () => {
    const lines = bookCommands.filter(({ name }) => name !== 'generate_credential').flatMap(({ examples }) => examples);
    const text = lines.join('\n').replace('/path/key.pem', join(directory, 'key.pem'));
    const run = await runHere('pbook', ['-c', text], { cwd: directory, env: environment('pbook') });
    expect({ code: run.code, errors: run.stdout.match(/^ERROR.*$/gm) }).toEqual({ code: 0, errors: null });
  });
});
