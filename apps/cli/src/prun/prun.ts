import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { ClientError } from '@panda/client';
import type { CliConfig } from '../cli.config.js';
import { configOf, type Host } from '../host.js';
import { openSession } from '../session/session.js';
import { failureOf } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { CLI_VERSION, COMPATIBLE_CLIENT_VERSION } from '../version.js';
import { helpText } from './help.js';
import { commandLineText, jsonText } from './map/command-line.js';
import { type Messages, messagesOn } from './messages.js';
import { type ParsedOptions, parseOptions, withJsonOptions } from './options/parse.js';
import type { PrunOptions } from './options/table.js';
import { accepted, type Outcome, refused } from './outcome.js';
import { PrunError, prunExitCodes } from './prun-error.js';
import { jsonOf, type LocalFiles, localFilesIn } from './submission/local-lists.js';
import { prepare } from './submission/prepare.js';
import { type SubmittedWork, submitWork } from './submit-work.js';

/** The command `prun`: syntax, messages, parameter map and exit codes of the real tool. */
export async function runPrun(argv: readonly string[], host: Host): Promise<number> {
  const { terminal, cwd } = host;
  const files = localFilesIn(cwd);
  const parsed = parseOptions(argv);
  if (!parsed.ok) return usage(terminal, parsed.reason);
  const shown = shownInstead(parsed.value);
  if (shown !== undefined) return show(terminal, shown);
  const loaded = loadJson(parsed.value.options, files);
  if (!loaded.ok) return usage(terminal, loaded.reason);
  const { options, recorded } = loaded.value;
  const messages = messagesOn(terminal, options.verbose);
  for (const warning of parsed.value.warnings) messages.warn(warning);
  try {
    const config = configOf(host);
    const commandLine = commandLineText(config.execString ?? 'prun', argv) + recorded;
    return await submit(options, { terminal, messages, config, commandLine, cwd });
  } catch (error) {
    return report(error, messages);
  }
}

interface Run {
  readonly terminal: Terminal;
  readonly messages: Messages;
  readonly config: CliConfig;
  readonly commandLine: string;
  readonly cwd: string;
}

async function submit(options: PrunOptions, { terminal, messages, config, commandLine, cwd }: Run): Promise<number> {
  const submission = prepare(options, { files: localFilesIn(cwd), platform: config.platform, uuid: randomUUID });
  if (!submission.ok) throw new PrunError('config', submission.reason);
  for (const warning of submission.value.warnings) messages.warn(warning);
  const session = openSession(config, options.vo === undefined ? {} : { vo: config.authVo ?? options.vo });
  const works = await submitWork(submission.value, {
    session,
    config,
    messages,
    cwd,
    commandLine,
    uuid: randomUUID,
    confirm: (question) => terminal.confirm(question),
  });
  if (options.noSubmit && options.verbose) for (const { map } of works) terminal.json(map);
  const last = works.at(-1);
  if (options.dumpTaskParams !== undefined && last !== undefined) dump(resolve(cwd, atHome(options.dumpTaskParams)), last.map);
  if (options.dumpJson !== undefined) dump(resolve(cwd, atHome(options.dumpJson)), dumpOf(options, works));
  for (const { error } of works) if (error !== undefined) report(error, messages);
  const failed = works.findLast(({ error }) => error !== undefined);
  return failed?.error === undefined ? prunExitCodes.ok : prunExitCodes[failed.error.stage];
}

/** What tools that call prun read: all options and the result, one entry for each task. */
function dumpOf(options: PrunOptions, works: readonly SubmittedWork[]): unknown[] {
  return works.map(({ outDS, jediTaskId, message, error }, i) => ({
    ...options,
    outDS,
    returnCode: error === undefined ? prunExitCodes.ok : prunExitCodes[error.stage],
    returnOut: message,
    jediTaskID: jediTaskId ?? null,
    ...(works.length > 1 ? { bulkSeqNumber: i } : {}),
  }));
}

function loadJson(options: PrunOptions, files: LocalFiles): Outcome<{ options: PrunOptions; recorded: string }> {
  if (options.loadJson === undefined) return accepted({ options, recorded: '' });
  const file = jsonOf(files, options.loadJson);
  if (!file.ok) return file;
  if (typeof file.value !== 'object' || file.value === null || Array.isArray(file.value))
    return refused(`${options.loadJson} is no JSON object`);
  const given = file.value as Record<string, unknown>;
  const merged = withJsonOptions(options, given);
  return merged.ok ? accepted({ options: merged.value, recorded: jsonText(given) }) : merged;
}

/** Help or version: the text, or undefined when prun is to work. */
function shownInstead({ help, options }: ParsedOptions): Outcome<string> | undefined {
  if (help !== undefined) {
    const text = helpText(help);
    return text === undefined ? refused(`there is no help group '${help}'`) : accepted(text);
  }
  return options.version ? accepted(`Version: ${COMPATIBLE_CLIENT_VERSION} (PanDA Fleet ${CLI_VERSION})`) : undefined;
}

function show(terminal: Terminal, text: Outcome<string>): number {
  if (!text.ok) return usage(terminal, text.reason);
  terminal.out(text.value);
  return prunExitCodes.ok;
}

function usage(terminal: Terminal, reason: string): number {
  terminal.note(`prun: error: ${reason}\n(prun --help shows how)`);
  return prunExitCodes.usage;
}

function atHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}

function dump(target: string, value: unknown): void {
  try {
    writeFileSync(target, JSON.stringify(value));
  } catch (cause) {
    throw new PrunError('config', `cannot write ${target}: ${(cause as NodeJS.ErrnoException).code}`, cause);
  }
}

function report(error: unknown, messages: Messages): number {
  if (error instanceof PrunError) {
    messages.error(error.message);
    if (error.cause instanceof ClientError) messages.error(`${error.cause.code}: ${error.cause.hint}`);
    return prunExitCodes[error.stage];
  }
  const { message, hint } = failureOf(error);
  messages.error(message);
  if (hint !== undefined) messages.error(hint);
  return error instanceof ClientError ? prunExitCodes.submit : prunExitCodes.config;
}
