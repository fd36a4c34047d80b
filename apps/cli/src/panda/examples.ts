import type { Command } from 'commander';

/** Examples at the end of a command's help. Each of them is run by a test. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);
}
