import { isFinal, type Machine, markdown, mermaid } from '@panda/domain';
import { machines } from '../catalogue/machines.js';
import { type GeneratedFile, page, table } from './document.js';

function machinePage(machine: Machine<string, string>): GeneratedFile {
  const states = table(
    ['state', 'final', 'reached by', 'left by'],
    machine.states.map((state) => [
      state,
      isFinal(machine, state) ? 'yes' : '',
      eventsWhere(machine, (row) => row.to === state),
      eventsWhere(machine, (row) => row.from.includes(state)),
    ]),
  );
  const body = `\`\`\`mermaid\n${mermaid(machine)}\`\`\`\n\n## States\n\n${states}\n\n## Moves\n\n${markdown(machine)}`;
  return page(`docs/reference/states/${machine.name}.md`, `States of a ${machine.name}`, body);
}

function eventsWhere(
  machine: Machine<string, string>,
  wanted: (row: Machine<string, string>['rows'][number]) => boolean,
): string {
  return [...new Set(machine.rows.filter(wanted).map((row) => row.event))].join(', ');
}

/** docs/reference/states/: one page per machine and an index. */
export function stateFiles(): GeneratedFile[] {
  const all = machines();
  const index = table(
    ['machine', 'states', 'moves', 'final states'],
    all.map((machine) => [
      `[${machine.name}](${machine.name}.md)`,
      String(machine.states.length),
      String(machine.rows.length),
      machine.final.join(', '),
    ]),
  );
  return [page('docs/reference/states/README.md', 'State machines', index), ...all.map(machinePage)];
}
