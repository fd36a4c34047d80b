import { UsageError } from '../terminal/failure.js';
import type { BookCommand } from './command.js';
import { secretCommands } from './secret.commands.js';
import { showCommands } from './show.commands.js';
import { taskCommands } from './task.commands.js';
import { workflowCommands } from './workflow.commands.js';

const credential: BookCommand = {
  name: 'generate_credential',
  parameters: [],
  help: 'Sign in, with a web browser.',
  examples: ['generate_credential()'],
  anonymous: true,
  run: async ({ session, terminal }) => {
    if (session.identity === undefined) throw new UsageError('a token or certificate is set in the environment');
    const claims = await session.identity.login(({ url }) =>
      terminal.out(`INFO : Please go to ${url} and sign in. Waiting until authentication is completed`),
    );
    terminal.out(`INFO : All set, ${claims.name ?? claims.preferredUsername ?? ''}`);
    return { ok: true };
  },
};

const help: BookCommand = {
  name: 'help',
  parameters: ['command'],
  help: 'List the commands, or explain one.',
  examples: ['help()', 'help(show)'],
  anonymous: true,
  run: async ({ terminal }, args) => {
    const name = args.get('command');
    terminal.out(name === undefined ? overview() : explained(String(name)));
    return { ok: true };
  },
};

export const bookCommands: readonly BookCommand[] = [
  help,
  ...showCommands,
  ...taskCommands,
  ...workflowCommands,
  ...secretCommands,
  credential,
];

export function commandNamed(name: string): BookCommand | undefined {
  return bookCommands.find((command) => command.name === name);
}

function overview(): string {
  const names = bookCommands.map(({ name }) => `    ${name}`).join('\n');
  return `\nThe following commands are available:\n\n${names}\n\nFor more about a command: help(show) at the prompt, or "pbook help show".\n`;
}

function explained(name: string): string {
  const command = commandNamed(name);
  if (command === undefined) return `Unknown command : ${name}\n${overview()}`;
  return `${command.name}(${command.parameters.join(', ')})\n\n${command.help}\n\nexamples:\n${command.examples.map((line) => `  >>> ${line}`).join('\n')}`;
}
