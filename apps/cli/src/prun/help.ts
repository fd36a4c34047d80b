import { type OptionGroup, type OptionRow, optionGroups } from './options/row.js';
import { optionRows } from './options/table.js';
import { prunExitCodes } from './prun-error.js';

const GROUP_TITLES: Readonly<Record<OptionGroup, string>> = {
  PRINT: 'what is printed',
  PRUN: 'prun itself',
  CONFIG: 'files with options and results',
  INPUT: 'input datasets and files',
  OUTPUT: 'output datasets and files',
  JOB: 'the command and how work is cut into jobs',
  BUILD: 'what is sent, built and set up',
  SUBMIT: 'where and how jobs run',
  EVTFILTER: 'good runs and event picking',
  EXPERT: 'for experts',
  CONTAINERJOB: 'containers',
};

const HEAD = `usage: prun --exec <command> --outDS user.<nickname>.<text> [options]

Runs a command on the grid: the files here are sent along, the outputs are collected in datasets.`;

const EXAMPLES = `Examples:
  $ prun --exec "echo Hello > out.txt" --outDS user.alice.hello --outputs out.txt --nJobs 3
  $ prun --exec "python job.py %IN" --inDS user.bob.in/ --outDS user.alice.out --outputs hist.root
  $ prun --exec "./run %IN" --bexec make --inDS user.bob.in/ --outDS user.alice.built --outputs a.dat
  $ prun --loadJson options.json --noSubmit --dumpTaskParams map.json`;

const EXIT_CODES = `Exit codes:
  ${prunExitCodes.ok}   submitted
  ${prunExitCodes.usage}   unknown or incomplete option
  ${prunExitCodes.config}  options that do not fit together, or nobody is signed in
  ${prunExitCodes.upload}  the sandbox could not be uploaded
  ${prunExitCodes.archive}  the sandbox could not be made
  ${prunExitCodes.submit}  the task was refused, or the server cannot be reached`;

/** Help of one group, of all (`ALL`), or the short one (empty name). Undefined: no such group. Features CLIENT-11, CLIENT-12 */
export function helpText(group: string): string | undefined {
  const name = group.toUpperCase();
  if (name === '') return [HEAD, groupList(), EXAMPLES, EXIT_CODES].join('\n\n');
  if (name === 'ALL') return [HEAD, ...optionGroups.map(groupHelp), EXAMPLES, EXIT_CODES].join('\n\n');
  const found = optionGroups.find((known) => known === name);
  return found === undefined ? undefined : groupHelp(found);
}

function groupList(): string {
  const lines = optionGroups.map((group) => `  ${group.padEnd(14)}${GROUP_TITLES[group]}`);
  return `Options are shown by group: prun --helpGroup <group>; ALL shows all of them.\n${lines.join('\n')}`;
}

function groupHelp(group: OptionGroup): string {
  const shown = optionRows.filter((row) => row.groups.includes(group) && row.help !== undefined);
  return `${group}: ${GROUP_TITLES[group]}\n${shown.map(optionHelp).join('\n')}`;
}

function optionHelp(row: OptionRow): string {
  const value = row.kind === 'flag' ? '' : row.kind === 'integer' ? ' <n>' : ' <text>';
  const left = `  ${row.flags.join(', ')}${value}`;
  return left.length < 34 ? `${left.padEnd(34)}${row.help}` : `${left}\n${' '.repeat(34)}${row.help}`;
}
