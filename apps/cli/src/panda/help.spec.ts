import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { hostOfProcess } from '../host.js';
import { pandaProgram } from './program.js';

const program = pandaProgram(hostOfProcess());

function pathsOf(command: Command, above: readonly string[] = []): string[][] {
  const path = [...above, command.name()];
  return [path, ...command.commands.flatMap((child) => pathsOf(child, path))];
}

function helpOf([, ...names]: readonly string[]): string {
  const command = names.reduce<Command>(
    (parent, name) => parent.commands.find((child) => child.name() === name) ?? parent,
    program,
  );
  const parts: string[] = [];
  command.configureOutput({ ...command.configureOutput(), writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  return parts.join('');
}

describe('the help of', () => {
  it.each(pathsOf(program).map((path) => [path.join(' '), path] as const))('%s is what it was', (_name, path) => {
    expect(helpOf(path)).toMatchSnapshot();
  });

  it('every command that does something has an example', () => {
    const leaves = pathsOf(program).filter((path) => !helpOf(path).includes('Commands:'));
    const without = leaves.filter((path) => !helpOf(path).includes('Examples:')).map((path) => path.join(' '));
    expect(without).toEqual([]);
  });
});
