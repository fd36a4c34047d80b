import { describe, expect, it } from '@jest/globals';
import { outputPlace } from '../transfer/stage-out.js';
import { firstFor, queueRefusal, readContainerTypes, readQueueData } from './queue-data.js';
import { readStorageData, transferUrl } from './storage-data.js';

const record = {
  nickname: 'PQ',
  panda_resource: 'PQ_R',
  atlas_site: 'SITE',
  state: 'ACTIVE',
  status: 'Online',
  timefloor: 5,
  maxtime: 1000,
  maxrss: '4000',
  corecount: null,
  astorages: { pr: ['A', 'B'], pw: ['C'] },
  acopytools: { pr: ['rucio', 'mv'] },
  container_type: 'apptainer:pilot;docker:wrapper',
  params: { pilot_walltime_grace: 1.5 },
};

describe('queue data', () => {
  it('give the fields a pilot acts on, minutes as seconds', () => {
    expect(readQueueData('PQ', record)).toMatchObject({
      resource: 'PQ_R',
      site: 'SITE',
      status: 'online',
      timeFloorS: 300,
      maxTimeS: 1000,
      maxRssMb: 4000,
      coreCount: 1,
      maxInputMb: 14_336,
      storages: { pr: ['A', 'B'], pw: ['C'] },
      walltimeGrace: 1.5,
    });
  });

  it('are found in a file of all queues too', () => {
    expect(readQueueData('PQ', { OTHER: {}, PQ: record }).resource).toBe('PQ_R');
  });

  it('PILOT-info-04 a job’s overrides win', () => {
    expect(readQueueData('PQ', record, { maxrss: 7 }).maxRssMb).toBe(7);
  });

  it.each([[null], [[]], ['text'], [{}], [{ OTHER: record }]])('PILOT-info-09 %j is no record of the queue: 1117', (value) => {
    expect(() => readQueueData('PQ', value)).toThrow(expect.objectContaining({ code: 1117 }));
  });

  it('PILOT-info-09 an inactive queue is refused with 1359, an offline one with 1386', () => {
    expect(queueRefusal(readQueueData('PQ', { ...record, state: 'INACTIVE' }))?.code).toBe(1359);
    expect(queueRefusal(readQueueData('PQ', { ...record, status: 'offline' }))?.code).toBe(1386);
    expect(queueRefusal(readQueueData('PQ', record))).toBeUndefined();
  });

  it('PILOT-monitor-08 limit the input of a job, else by the work directory', () => {
    expect(readQueueData('PQ', { ...record, maxinputsize: 10, maxwdir: 20 }).maxInputMb).toBe(10);
    expect(readQueueData('PQ', { ...record, maxwdir: 20 }).maxInputMb).toBe(20);
    expect(readQueueData('PQ', record).maxInputMb).toBe(14_336);
  });

  it('PILOT-container-07 name container tools and who starts them', () => {
    expect([...readContainerTypes('apptainer:pilot;docker:wrapper')]).toEqual([
      ['apptainer', 'pilot'],
      ['docker', 'wrapper'],
    ]);
    expect([...readContainerTypes('')]).toEqual([]);
  });

  it('PILOT-data-out-01 choose the first endpoint of the first activity that has one', () => {
    expect(firstFor({ pr: ['A'], pw: [] }, ['write_lan', 'pw', 'pr'])).toEqual(['A']);
    expect(firstFor({}, ['pw'])).toEqual([]);
    const astorages = { pr: ['READ'], pw: ['OUT', 'OTHER'], pl: ['LOGS'] };
    const queue = readQueueData('PQ', { ...record, astorages });
    const protocol = [{ endpoint: 'file://localhost', path: '/se' }];
    const names = ['READ', 'OUT', 'OTHER', 'LOGS'];
    const storages = readStorageData(
      Object.fromEntries(names.map((name) => [name, { arprotocols: { pw: protocol, pl: protocol } }])),
    );
    const file = { lfn: 'f', scope: 's', dataset: 'd', guid: undefined, mayBeMissing: false };
    const place = (isLog: boolean, endpoint?: string) => outputPlace({ ...file, isLog, endpoint }, { queue, storages }).endpoint;
    expect([place(false), place(true), place(false, 'OTHER')]).toEqual(['OUT', 'LOGS', 'OTHER']);
  });
});

describe('storage data', () => {
  const protocols = {
    pr: [{ id: 1, endpoint: 'file://localhost', path: '/se' }],
    pw: [{ id: 2, endpoint: 'https://dav.example:443', path: '/data/' }],
  };
  const data = readStorageData({
    R: { state: 'ACTIVE', is_deterministic: true, arprotocols: protocols },
    T: { is_deterministic: false, arprotocols: protocols },
  });
  const file = { scope: 'user.alice', lfn: 'f' };
  const endpoint = (name: string) => data.get(name) as NonNullable<ReturnType<typeof data.get>>;

  it('PILOT-data-out-02 make the URL of a file from protocol, path and Rucio’s hash', () => {
    expect(transferUrl(endpoint('R'), ['pr'], file)).toMatch(
      /^file:\/\/localhost\/se\/user\/alice\/[0-9a-f]{2}\/[0-9a-f]{2}\/f$/,
    );
    expect(transferUrl(endpoint('R'), ['read_lan', 'pw'], file)).toMatch(/^https:\/\/dav\.example:443\/data\/user\/alice\//);
  });

  it('PILOT-data-out-02 refuse an endpoint that is not deterministic with 1329, one without protocol with 1313', () => {
    expect(() => transferUrl(endpoint('T'), ['pr'], file)).toThrow(expect.objectContaining({ code: 1329 }));
    expect(() => transferUrl(endpoint('R'), ['es_events'], file)).toThrow(expect.objectContaining({ code: 1313 }));
  });

  it('PILOT-info-04 are changed by a job field by field', () => {
    const changed = readStorageData({ R: { state: 'ACTIVE', arprotocols: protocols } }, { R: { state: 'DOWN' } });
    expect(changed.get('R')).toMatchObject({ state: 'DOWN', protocols: { pr: [{ endpoint: 'file://localhost', path: '/se' }] } });
  });
});
