import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { hostOfProcess } from '../host.js';
import { helpOf } from '../testing/example-lines.js';
import { pandaProgram } from './program.js';

const program = pandaProgram(hostOfProcess());

function commandsOf(command: Command, above: readonly string[] = []): (readonly [string, Command])[] {
  const path = [...above, command.name()];
  return [[path.join(' '), command] as const, ...command.commands.flatMap((child) => commandsOf(child, path))];
}

describe('the help of', () => {
  it.each(commandsOf(program))('%s is what it was', (_name, command) => {
    expect(helpOf(command)).toMatchSnapshot();
  });

  it('every command that does something has an example', () => {
    const leaves = commandsOf(program).filter(([, command]) => command.commands.length === 0);
    expect(leaves.filter(([, command]) => !helpOf(command).includes('Examples:')).map(([name]) => name)).toEqual([]);
  });
});
