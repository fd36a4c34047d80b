import type { Command } from 'commander';
import { hostOfProcess } from '../host.js';
import { pandaProgram } from '../panda/program.js';

/** The example lines of the helps of `panda` whose command path `wanted` takes, each with its words. */
export function exampleLines(wanted: (path: readonly string[]) => boolean): (readonly [string, string[]])[] {
  const leaves = leavesOf(pandaProgram(hostOfProcess()), []).filter(({ path }) => wanted(path));
  return linesIn(leaves.map(({ command }) => helpOf(command)).join('\n'));
}

/** The lines `  $ command …` of a help text. */
export function linesIn(help: string): (readonly [string, string[]])[] {
  const lines = (help.match(/^ {2}\$ (.*)$/gm) ?? []).map((line) => line.slice(4));
  return lines.map((line) => [line, words(line)] as const);
}

/** The whole help of a command, as it is printed. */
export function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ ...command.configureOutput(), writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  return parts.join('');
}

interface Leaf {
  readonly path: readonly string[];
  readonly command: Command;
}

function leavesOf(command: Command, above: readonly string[]): Leaf[] {
  const path = [...above, command.name()];
  return command.commands.length === 0 ? [{ path, command }] : command.commands.flatMap((child) => leavesOf(child, path));
}

/** Words of a shell line with simple quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}
