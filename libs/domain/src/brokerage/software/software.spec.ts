import { describe, expect, it } from '@jest/globals';
import type { TaskSpec } from '../../task/task-spec.js';
import { aQueue, aTask } from '../../test-builders/planning.js';
import { parseArchitecture, platformsOf } from './architecture.js';
import { parseSoftwareCatalogue, softwareAvailable } from './software-check.js';

/** The example of the specification. */
const AGLT2 = {
  cmtconfigs: ['x86_64-centos7-gcc62-opt', 'x86_64-slc6-gcc62-opt'],
  containers: ['any', '/cvmfs'],
  cvmfs: ['atlas', 'nightlies'],
  architectures: [
    { arch: ['x86_64'], instr: ['avx2'], type: 'cpu', vendor: ['intel', 'excl'] },
    { type: 'gpu', vendor: ['nvidia', 'excl'], model: ['kt100'] },
  ],
  tags: [
    { cmtconfig: 'x86_64-slc6-gcc62-opt', container_name: '', project: 'Athena', release: '21.0.38', sources: [], tag: 't' },
  ],
};
const plain = { ...AGLT2, architectures: [] };

function lacking(task: Partial<TaskSpec> & { rule?: string }, published: object = plain, others: object = {}) {
  const catalogue = parseSoftwareCatalogue({ Q: published, ...others });
  return softwareAvailable(aTask(task), aQueue('Q', { releases: ['AUTO'] }), catalogue);
}

describe('architecture of a task', () => {
  it('BROKERAGE-40 names platform, base, CPU and GPU; what is not said is *', () => {
    expect(parseArchitecture('x86_64-slc6-gcc62-opt@centos7#x86_64-intel-avx2&nvidia-kt100')).toEqual({
      platform: 'x86_64-slc6-gcc62-opt',
      basePlatform: 'centos7',
      cpu: { arch: 'x86_64', vendor: 'intel', instr: 'avx2' },
      gpu: { vendor: 'nvidia', model: 'kt100' },
    });
    expect(parseArchitecture('p#arm64')).toMatchObject({
      basePlatform: null,
      cpu: { arch: 'arm64', vendor: '*', instr: '*' },
      gpu: null,
    });
    expect(parseArchitecture('&nvidia')).toMatchObject({ platform: '', gpu: { vendor: 'nvidia', model: '*' } });
    expect(parseArchitecture(null)).toEqual({ platform: '', basePlatform: null, cpu: null, gpu: null });
  });

  it('is told to jobs without the hardware', () => {
    expect([platformsOf('p@b#x'), platformsOf('p&g'), platformsOf(null)]).toEqual(['p@b', 'p', null]);
  });
});

describe('published software', () => {
  it('BROKERAGE-39 is read field by field, broken parts as empty', () => {
    expect(parseSoftwareCatalogue({ Q: AGLT2 }).get('Q')).toMatchObject({
      cvmfs: ['atlas', 'nightlies'],
      cpu: { arch: ['x86_64'], vendor: ['intel', 'excl'] },
      gpu: { model: ['kt100'] },
      tags: [{ project: 'Athena', release: '21.0.38' }],
    });
    expect(parseSoftwareCatalogue({ Q: 'broken' }).get('Q')).toMatchObject({ tags: [], cpu: null });
  });

  it.each([
    ['p#x86_64&nvidia', { arch: ['x86_64'] }, undefined],
    ['p#x86_64&nvidia', { arch: ['any'] }, undefined],
    ['p#x86_64&nvidia', { arch: ['x86_64', 'excl'] }, undefined],
    ['p#x86_64&nvidia', { arch: ['arm64'] }, 'cpu arch x86_64'],
    ['p#*&nvidia', { arch: ['x86_64', 'excl'] }, 'cpu arch *'],
    ['p&nvidia', { arch: ['x86_64', 'excl'] }, 'cpu request'],
    ['p&nvidia', { arch: ['x86_64'] }, undefined],
    ['p&amd', { arch: ['x86_64'] }, 'gpu vendor amd'],
  ])('BROKERAGE-41 architecture %s at a queue with %j lacks %s', (architecture, cpu, expected) => {
    const hardware = [
      { type: 'cpu', ...cpu },
      { type: 'gpu', vendor: ['nvidia', 'excl'] },
    ];
    expect(lacking({ architecture, containerName: 'img' }, { ...AGLT2, architectures: hardware })).toBe(expected);
  });

  it('BROKERAGE-42 a container by tags only must be a tag’s name or source', () => {
    const published = { ...plain, tags: [{ container_name: 'fat:1', sources: ['docker://fat:1'] }] };
    const of = (containerName: string) => lacking({ containerName, rule: 'OT=1' }, published);
    expect([of('fat:1'), of('docker://fat:1'), of('docker://other')]).toEqual([undefined, undefined, 'container docker://other']);
  });

  it('BROKERAGE-43 other containers need any, /cvmfs, or a prefix of the name or its resolved source', () => {
    const only = { ...plain, containers: ['/cvmfs/unpacked/'] };
    const all = { ALL: { tags: [{ container_name: 'fat:1', sources: ['/cvmfs/unpacked/fat:1'] }] } };
    expect(lacking({ containerName: 'docker://x' })).toBeUndefined();
    expect(lacking({ containerName: '/cvmfs/unpacked/x' }, only)).toBeUndefined();
    expect(lacking({ containerName: 'fat:1' }, only, all)).toBeUndefined();
    expect(lacking({ containerName: 'fat:2' }, only, all)).toBe('container fat:2');
  });

  it('BROKERAGE-44 releases need cvmfs and a container or the platform', () => {
    const task = { transHome: 'Athena-21.0.38', architecture: 'x86_64-slc6-gcc62-opt' };
    expect(lacking(task)).toBeUndefined();
    expect(lacking(task, { ...plain, containers: [] })).toBeUndefined();
    expect(lacking({ ...task, architecture: 'other' }, { ...plain, containers: [] })).toBe('platform other');
    expect(lacking({ transHome: 'x-rel_3', architecture: 'p' }, { ...plain, cvmfs: ['nightlies'] })).toBeUndefined();
  });

  it('BROKERAGE-45 without cvmfs a tag must be equal in platform, project and version', () => {
    const none = { ...plain, cvmfs: [], containers: ['any'] };
    const task = { transHome: 'Athena-21.0.38', architecture: 'x86_64-slc6-gcc62-opt' };
    expect(lacking(task, none)).toBeUndefined();
    expect(lacking({ ...task, transHome: 'Athena-21.0.39' }, none)).toBe('release 21.0.39');
  });

  it('BROKERAGE-14 ANY is trusted, a list of releases is a list, nothing said is trusted', () => {
    const of = (releases: string[], task: Partial<TaskSpec> & { rule?: string }) =>
      softwareAvailable(aTask(task), aQueue('Q', { releases }), new Map());
    const task = { transHome: 'Athena-21.0.38' };
    expect([of(['ANY'], task), of([], task), of(['21.0.38'], task)]).toEqual([undefined, undefined, undefined]);
    expect(of(['21.0.37'], task)).toBe('release 21.0.38');
    expect(of(['ANY'], { containerName: 'x', rule: 'OT=1' })).toBe('published list');
    expect(of(['ANY'], { architecture: 'p&nvidia' })).toBe('published list');
  });
});
