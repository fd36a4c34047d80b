import { describe, expect, it } from '@jest/globals';
import { jobInstance, readJobInstances, readJobStates } from './job-pickle.js';
import { fileAttributes, jobAttributes, lateJobAttributes } from './job-record.js';
import { unpickle } from './pickle/reader.js';
import { pickle } from './pickle/writer.js';

const job = {
  attributes: { PandaID: 5_000_000_001, jobStatus: 'running', creationTime: new Date('2021-11-22T07:00:00Z'), jobName: 'ü' },
  files: [{ lfn: 'out.txt', type: 'output', PandaID: 5_000_000_001 }],
};

describe('job records', () => {
  it('have the attributes of the clients in their order', () => {
    expect(jobAttributes).toHaveLength(122);
    expect(fileAttributes).toHaveLength(22);
    expect(jobAttributes.slice(0, 2)).toEqual(['PandaID', 'jobDefinitionID']);
  });

  it('name the client classes and give every file its owner', () => {
    const text = pickle([jobInstance(job)]);
    expect(text).toMatch(
      /^\(lccopy_reg\n_reconstructor\n\(cpandaclient\.JobSpec\nJobSpec\nc__builtin__\nobject\nNtRp1\n\(lL5000000001L\na/,
    );
    expect(text).toContain('VNULL\n');
    expect(text).toMatch(/g1\nab/);
  });

  it('come back as they went out', () => {
    const read = readJobInstances(unpickle(Buffer.from(pickle([jobInstance(job)]), 'latin1')));
    expect(read).toEqual([job]);
  });

  it('are read from the state lists of the JSON dialect', () => {
    const names = [...jobAttributes, ...lateJobAttributes];
    const state = names.map((name) => (name === 'jobName' ? 'j' : 'NULL'));
    expect(readJobStates([[...state, [['NULL', 'NULL', 'NULL', 'x.root']]]], names)).toEqual([
      { attributes: { jobName: 'j' }, files: [{ lfn: 'x.root' }] },
    ]);
  });

  it('I36 refuses anything else in their place', () => {
    expect(() => readJobInstances([1])).toThrow('a list of jobs');
    expect(() => readJobStates('x', [])).toThrow('a list of jobs');
    expect(() => readJobStates([[1]], [])).toThrow('job states');
  });
});
