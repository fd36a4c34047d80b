import { Command, CommanderError } from 'commander';
import { configOf, type Host } from '../host.js';
import { openSession } from '../session/session.js';
import { currentUser } from '../session/user.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { reportFailure } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { CLI_VERSION, COMPATIBLE_CLIENT_VERSION } from '../version.js';
import { Book } from './book.js';
import { commandNamed } from './command-table.js';
import { runStatement, sayWrong } from './run-statement.js';
import { runShell } from './shell.js';
import { readStatements, type Statement, StatementError } from './statement-reader.js';
import { readWords } from './word-reader.js';

interface PbookOptions {
  readonly c?: string;
  readonly v?: boolean;
}

/** The command `pbook`: a prompt, or one command with `-c "show()"` or as words. Batch mode ends with 0 or 1, as the real tool. */
export async function runPbook(argv: readonly string[], host: Host): Promise<number> {
  const { terminal } = host;
  const program = pbookProgram(terminal);
  try {
    program.parse(argv, { from: 'user' });
    const options = program.opts<PbookOptions>();
    const verbose = options.v ?? false;
    const statements = statementsOf(options, program.args);
    if (statements === undefined) return await interactive(host, verbose);
    return await batch(host, statements, verbose);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof StatementError) sayWrong({ error: (text) => terminal.out(`ERROR : ${text}`) }, error);
    else return reportFailure(terminal, error, false);
    return exitCodes.usage;
  }
}

function pbookProgram(terminal: Terminal): Command {
  return new Command('pbook')
    .description('Bookkeeping of tasks: show, kill, finish, retry. Without a command it opens a prompt; Ctrl+D ends it.')
    .argument('[words...]', 'a command with its values: kill 123,456  ·  show 123 format=long  ·  help show')
    .option('-c <statements>', 'run statements as typed at the prompt: -c "show(123)"')
    .option('-v', 'say which server, community and directory are used')
    .option('-3', 'accepted, has no effect')
    .option('--prompt_with_newline', 'accepted, has no effect')
    .version(`Version: ${COMPATIBLE_CLIENT_VERSION} (PanDA Fleet ${CLI_VERSION})`, '--version', 'display the version')
    .passThroughOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void terminal.errors.write(text),
    });
}

/** Undefined: open a prompt. */
function statementsOf({ c }: PbookOptions, words: readonly string[]): readonly Statement[] | undefined {
  if (c !== undefined && c !== '') return readStatements(c);
  return words.length > 0 ? [readWords(words)] : undefined;
}

async function interactive(host: Host, verbose: boolean): Promise<number> {
  const book = await openBook(host, true, verbose);
  host.terminal.out(`\nStart pBook ${COMPATIBLE_CLIENT_VERSION} (PanDA Fleet ${CLI_VERSION})`);
  await runShell(book);
  return exitCodes.ok;
}

async function batch(host: Host, statements: readonly Statement[], verbose: boolean): Promise<number> {
  const needsUser = statements.some(({ name }) => commandNamed(name)?.anonymous !== true);
  const book = await openBook(host, needsUser, verbose);
  let ok = true;
  for (const statement of statements) {
    const result = await runStatement(book, statement);
    if (result.isData) host.terminal.json(result.value);
    ok &&= result.ok;
  }
  return ok ? exitCodes.ok : exitCodes.failed;
}

async function openBook(host: Host, needsUser: boolean, verbose: boolean): Promise<Book> {
  const { terminal, cwd } = host;
  const session = openSession(configOf(host));
  const { serverUrl } = session.config;
  if (verbose) terminal.note(`DEBUG : server ${serverUrl}, community ${session.vo ?? 'none'}, history in ${session.directory}`);
  if (!needsUser) return new Book({ session, terminal, cwd }, undefined);
  const user = await currentUser(session);
  const name = user.name ?? user.nickname;
  // On standard error: `pbook show format=json` is read by programs.
  terminal.note(`PBook user: ${name}`);
  return new Book({ session, terminal, cwd }, name);
}
