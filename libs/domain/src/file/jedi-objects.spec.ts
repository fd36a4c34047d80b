import { describe, expect, it } from '@jest/globals';
import { inputDatasetMachine } from '../dataset/input-dataset.machine.js';
import { outputDatasetMachine } from '../dataset/output-dataset.machine.js';
import { eventMachine, eventStatusCodes, eventStatusOf, reservedEventCodes } from '../event/event.machine.js';
import { mayFollow } from '../machine/derive.js';
import type { Machine } from '../machine/machine.js';
import { inputFileMachine } from './input-file.machine.js';
import { outputFileMachine } from './output-file.machine.js';

function expectEdges(m: Machine<string, string>, edges: string): void {
  for (const edge of edges.split(' ')) {
    const [from = '', to = ''] = edge.split('>');
    expect({ edge, legal: mayFollow(m, from, to) }).toEqual({ edge, legal: true });
  }
}

function expectNoEdges(m: Machine<string, string>, edges: string): void {
  for (const edge of edges.split(' ')) {
    const [from = '', to = ''] = edge.split('>');
    expect({ edge, legal: mayFollow(m, from, to) }).toEqual({ edge, legal: false });
  }
}

describe('the objects of JEDI', () => {
  it('JEDI-objects-01 moves input datasets along the chart', () => {
    expectEdges(
      inputDatasetMachine,
      'defined>ready defined>pending pending>toupdate pending>broken toupdate>broken ready>toupdate toupdate>ready ready>done',
    );
    expectNoEdges(inputDatasetMachine, 'pending>done toupdate>done ready>broken broken>ready done>defined');
  });

  it('JEDI-objects-02 moves output datasets in the order of the chart', () => {
    expectEdges(outputDatasetMachine, 'defined>ready ready>running running>prepared prepared>done');
    expectNoEdges(outputDatasetMachine, 'running>ready prepared>ready ready>done running>done defined>done');
  });

  it('JEDI-objects-05 moves input files along the chart', () => {
    expectEdges(
      inputFileMachine,
      'ready>picked picked>ready picked>running running>finished ready>running running>ready ready>missing missing>ready ready>lost ready>broken ready>failed ready>partial',
    );
    expectNoEdges(inputFileMachine, 'ready>finished picked>finished missing>running lost>running broken>picked finished>running');
  });

  it('JEDI-objects-06 moves output files along the chart', () => {
    expectEdges(
      outputFileMachine,
      'defined>running running>prepared prepared>finished prepared>merging merging>finished merging>failed running>failed',
    );
    expectNoEdges(outputFileMachine, 'defined>finished failed>finished finished>merging nooutput>finished');
  });

  it('JEDI-objects-07 numbers event states and moves them along the chart', () => {
    expect(eventMachine.states.map((s) => [s, eventStatusCodes[s]])).toEqual([
      ['ready', 0],
      ['sent', 1],
      ['running', 2],
      ['finished', 3],
      ['cancelled', 4],
      ['discarded', 5],
      ['done', 6],
      ['failed', 7],
      ['fatal', 8],
      ['merged', 9],
      ['corrupted', 10],
    ]);
    expectEdges(
      eventMachine,
      'ready>sent sent>running running>finished finished>done done>merged ready>cancelled sent>cancelled running>cancelled',
    );
    expectEdges(eventMachine, 'running>failed failed>ready failed>fatal finished>discarded done>discarded done>corrupted');
    expectNoEdges(eventMachine, 'ready>finished finished>merged merged>done fatal>ready cancelled>ready finished>failed');
  });

  it('reads stored event numbers back, and knows no status for reserved ones', () => {
    for (const s of eventMachine.states) expect(eventStatusOf(eventStatusCodes[s])).toBe(s);
    expect(eventStatusOf(reservedEventCodes.get)).toBeUndefined();
    expect(eventStatusOf(11)).toBeUndefined();
  });
});
