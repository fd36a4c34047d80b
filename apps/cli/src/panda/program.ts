import { Command, CommanderError } from 'commander';
import type { Host } from '../host.js';
import { exitCodeHelp, exitCodes } from '../terminal/exit-codes.js';
import { reportFailure } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { CLI_VERSION } from '../version.js';
import { addAdminCommands } from './commands/admin.command.js';
import { addDataCommands } from './commands/data.command.js';
import { addIdentityCommands } from './commands/identity.command.js';
import { addJobCommands } from './commands/jobs.command.js';
import { addQueueCommands } from './commands/queues.command.js';
import { addRunCommand } from './commands/run.command.js';
import { addSecretCommands } from './commands/secrets.command.js';
import { addTaskControlCommands } from './commands/task-control.command.js';
import { addTaskCommands } from './commands/tasks.command.js';
import { addWhyCommand } from './commands/why.command.js';
import { wholeNumber } from './context.js';

const parts = [
  addIdentityCommands,
  addRunCommand,
  addTaskCommands,
  addJobCommands,
  addTaskControlCommands,
  addWhyCommand,
  addQueueCommands,
  addDataCommands,
  addSecretCommands,
  addAdminCommands,
];

/** The command tree of `panda`. */
export function pandaProgram(host: Host): Command {
  const program = new Command('panda')
    .description('Run work on the grid: submit tasks, follow them, move data.')
    .version(CLI_VERSION)
    .option('--json', 'print one JSON document instead of text')
    .option('--server <url>', 'server to talk to (PANDA_URL_SSL)')
    .option('--vo <vo>', 'community to speak for (PANDA_AUTH_VO)')
    .option('--timeout <seconds>', 'longest time for one answer', wholeNumber())
    .showHelpAfterError('(--help shows how)')
    .addHelpText('after', `\n${exitCodeHelp}`);
  for (const add of parts) add(program, host);
  settleOutput(program, host.terminal);
  return program;
}

/** Runs one command line and answers the exit code. */
export async function runPanda(argv: readonly string[], host: Host): Promise<number> {
  try {
    await pandaProgram(host).parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return reportFailure(host.terminal, error, argv.includes('--json'));
  }
}

/** Commander ends the process by itself and writes where it likes, unless every command is told otherwise. */
function settleOutput(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void terminal.output.write(text),
    writeErr: (text) => void terminal.errors.write(text),
    // One width everywhere: help texts are compared with what they were.
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  for (const child of command.commands) settleOutput(child, terminal);
}
