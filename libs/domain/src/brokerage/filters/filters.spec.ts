import { describe, expect, it } from '@jest/globals';
import { GIB, MIB } from '../../task/task-sizes.js';
import type { TaskSpec } from '../../task/task-spec.js';
import { aQueue, aRequest, aWorld } from '../../test-builders/planning.js';
import type { QueueFilter } from '../filter.js';
import { type BrokerageRequest, type BrokerageWorld, defaultBrokerageOptions, NO_LOAD, type QueueLoad } from '../request.js';
import * as f from './index.js';

interface Case {
  queue?: Record<string, unknown>;
  task?: Partial<TaskSpec> & { rule?: string };
  request?: Omit<Partial<BrokerageRequest>, 'task'>;
  load?: Partial<QueueLoad>;
  world?: Partial<BrokerageWorld>;
}

/** Facts of the rejection, or `pass`. */
function judge(filter: QueueFilter, { queue = {}, task = {}, request = {}, load = {}, world = {} }: Case) {
  const q = aQueue('Q', queue);
  const context = {
    queue: q,
    request: aRequest({
      ...request,
      task: { nucleus: world.nucleusQueues ? 'N' : null, ...task },
      ...(task.ramCount !== undefined && { ramCount: task.ramCount }),
    }),
    load: { ...NO_LOAD, ...load },
    world: aWorld([q], world),
  };
  const judgement = filter.judge(context);
  return judgement.passed ? 'pass' : judgement.facts;
}

const any = expect.anything();
const rejected = expect.any(Object);
const endpoint = (changes: object) =>
  new Map([
    ['OUT', { name: 'OUT', freeGb: 500, expiredGb: 0, totalGb: 1000, isBlacklistedForWrite: false, isTape: false, ...changes }],
  ]);
const options = (changes: object) => ({ options: { ...defaultBrokerageOptions, ...changes } });
const nucleus = { nucleusQueues: new Set(['NUC']) };
const link = (changes: object) => ({
  ...nucleus,
  links: new Map([['Q', { closeness: 5, queuedFiles: 0, mbps1h: null, mbps1d: null, mbps1w: null, ...changes }]]),
});
const locality = (changes: object) => ({
  locality: new Map([
    ['Q', { diskBytes: 0, tapeBytes: 0, totalBytes: 20 * GIB, diskFiles: 0, tapeFiles: 0, totalFiles: 20, ...changes }],
  ]),
});
const hs06 = { cpuTime: 36, cpuTimeUnit: 'HS06sPerEvent', cpuEfficiency: 50, baseWalltime: 600 };

const cases: [id: string, filter: QueueFilter, what: string, given: Case, expected: unknown][] = [
  ['BROKERAGE-04', f.status, 'an online queue passes', {}, 'pass'],
  [
    'BROKERAGE-04',
    f.status,
    'an offline queue is rejected with its status',
    { queue: { status: 'offline' } },
    { status: 'offline' },
  ],
  ['BROKERAGE-04', f.status, 'a standby queue passes', { queue: { status: 'standby' } }, 'pass'],
  [
    'BROKERAGE-05',
    f.linkUnusable,
    'a blocked link is rejected',
    { world: link({ closeness: -1 }), task: { nucleus: 'N' } },
    { nucleus: 'N' },
  ],
  ['BROKERAGE-05', f.linkUnusable, 'a distant link passes', { world: link({ closeness: 11 }) }, 'pass'],
  ['BROKERAGE-06', f.linksFull, 'files up to the cap pass', { world: link({ queuedFiles: 150 }) }, 'pass'],
  [
    'BROKERAGE-06',
    f.linksFull,
    'one file more is rejected',
    { world: link({ queuedFiles: 151 }) },
    { needs: 151, offers: 150, unit: any },
  ],
  ['BROKERAGE-07', f.linksFull, 'a backlog at the cap passes', { world: { ...nucleus, nucleusBacklog: 10_000 } }, 'pass'],
  [
    'BROKERAGE-07',
    f.linksFull,
    'a larger backlog of the nucleus rejects all queues',
    { world: { ...nucleus, nucleusBacklog: 10_001 } },
    { needs: 10_001, offers: 10_000, unit: any },
  ],
  ['BROKERAGE-08', f.opportunistic, 'priority 799 may go anywhere', { task: { currentPriority: 799 }, world: nucleus }, 'pass'],
  [
    'BROKERAGE-08',
    f.opportunistic,
    'priority 800 stays at the nucleus',
    { task: { currentPriority: 800, nucleus: 'N' }, world: nucleus },
    { nucleus: 'N' },
  ],
  [
    'BROKERAGE-08',
    f.opportunistic,
    'scouts run at queues of the nucleus',
    { request: { useScout: true }, world: { nucleusQueues: new Set(['Q']) } },
    'pass',
  ],
  [
    'BROKERAGE-08',
    f.opportunistic,
    'scouts avoid unpledged queues',
    { request: { useScout: true }, queue: { pledgedcpu: -1 } },
    { pledged: false },
  ],
  ['BROKERAGE-09', f.inactive, 'two hours without a start pass', { request: { useScout: true }, load: { idleHours: 2 } }, 'pass'],
  [
    'BROKERAGE-09',
    f.inactive,
    'scouts skip an idle queue',
    { request: { useScout: true }, load: { idleHours: 3 } },
    { needs: 2, offers: 3, unit: 'h' },
  ],
  [
    'BROKERAGE-09',
    f.inactive,
    'merge jobs skip it',
    { request: { isMerging: true }, task: { currentPriority: 1 }, load: { idleHours: 3 } },
    rejected,
  ],
  [
    'BROKERAGE-09',
    f.inactive,
    'pre-merged jobs skip it',
    { task: { currentPriority: 1, rule: 'MO=1' }, load: { idleHours: 3 } },
    rejected,
  ],
  ['BROKERAGE-09', f.inactive, 'ordinary jobs do not', { task: { currentPriority: 799 }, load: { idleHours: 3 } }, 'pass'],
  ['BROKERAGE-10', f.zeroshare, 'no policy passes', {}, 'pass'],
  [
    'BROKERAGE-10',
    f.zeroshare,
    'work the policy leaves nothing for is rejected',
    { queue: { fairsharepolicy: 'type=evgensimul:100%' }, task: { processingType: 'reco' } },
    { policy: 'type=evgensimul:100%', processingType: 'reco' },
  ],
  [
    'BROKERAGE-10',
    f.zeroshare,
    'work the policy is for passes',
    { queue: { fairsharepolicy: 'type=evgensimul:100%' }, task: { processingType: 'simul' } },
    'pass',
  ],
  [
    'BROKERAGE-10',
    f.zeroshare,
    'test work always passes',
    { queue: { fairsharepolicy: 'type=any:0%' }, task: { processingType: 'prod_test' } },
    'pass',
  ],
  [
    'BROKERAGE-11',
    f.io,
    'intensity at the cut-off may move anything',
    { task: { ioIntensity: 200 }, world: locality({}) },
    'pass',
  ],
  [
    'BROKERAGE-11',
    f.io,
    '20 GB to move are too many',
    { task: { ioIntensity: 201 }, world: locality({}) },
    { needs: 20, offers: 10, unit: any },
  ],
  ['BROKERAGE-11', f.io, '10 GB may be moved', { task: { ioIntensity: 201 }, world: locality({ diskBytes: 10 * GIB }) }, 'pass'],
  [
    'BROKERAGE-11',
    f.io,
    '101 files are too many',
    { task: { ioIntensity: 201 }, world: locality({ totalBytes: GIB, totalFiles: 101 }) },
    { needs: 101, offers: 100, unit: any },
  ],
  [
    'BROKERAGE-12',
    f.diskIo,
    'a busy queue still takes a light task',
    { task: { diskIo: 10 }, load: { diskIoPerCore: 90 }, queue: { maxdiskio: 50 } },
    'pass',
  ],
  [
    'BROKERAGE-12',
    f.diskIo,
    'a busy queue refuses a heavy task',
    { task: { diskIo: 60 }, load: { diskIoPerCore: 90 }, queue: { maxdiskio: 50 } },
    { needs: 60, offers: 50, unit: any, average: 90 },
  ],
  ['BROKERAGE-12', f.diskIo, 'the default limit is out of reach', { task: { diskIo: 60 }, load: { diskIoPerCore: 90 } }, 'pass'],
  [
    'BROKERAGE-12',
    f.diskIo,
    'the general limit counts where the queue has none',
    { task: { diskIo: 60 }, load: { diskIoPerCore: 90 }, world: options({ maxDiskIoDefault: 50 }) },
    rejected,
  ],
  [
    'BROKERAGE-12',
    f.diskIo,
    'multi-core tasks are counted per core',
    { task: { diskIo: 60, coreCount: 8 }, load: { diskIoPerCore: 90 }, queue: { maxdiskio: 50, corecount: 8 } },
    'pass',
  ],
  ['BROKERAGE-13', f.cpucore, 'single-core work on a single-core queue', {}, 'pass'],
  [
    'BROKERAGE-13',
    f.cpucore,
    'single-core work on a multi-core queue',
    { queue: { corecount: 8 } },
    { needs: 1, offers: 8, unit: 'cores' },
  ],
  [
    'BROKERAGE-13',
    f.cpucore,
    'multi-core work on a single-core queue',
    { task: { coreCount: 8 } },
    { needs: 8, offers: 1, unit: 'cores' },
  ],
  [
    'BROKERAGE-13',
    f.cpucore,
    'multi-core work on a multi-core queue',
    { task: { coreCount: 8 }, queue: { corecount: 8 } },
    'pass',
  ],
  ['BROKERAGE-13', f.cpucore, 'any work on a unified queue', { queue: { corecount: 8, capability: 'ucore' } }, 'pass'],
  [
    'BROKERAGE-13',
    f.cpucore,
    'work of any core count goes anywhere',
    { task: { coreCount: 0, currentPriority: 1 }, queue: { corecount: 8 } },
    'pass',
  ],
  [
    'BROKERAGE-13',
    f.cpucore,
    'urgent work of any core count goes to several cores',
    { task: { coreCount: 0, currentPriority: 900 } },
    rejected,
  ],
  // (1000 + 2000 × 4) × 0.9 = 8100 MB on four cores.
  [
    'BROKERAGE-15',
    f.lowmemory,
    'exactly enough memory passes',
    { queue: { corecount: 4, maxrss: 8100 }, task: { coreCount: 4, ramCount: 2000, ramUnit: 'MBPerCore', baseRamCount: 1000 } },
    'pass',
  ],
  [
    'BROKERAGE-15',
    f.lowmemory,
    'one MB less is rejected, per core',
    { queue: { corecount: 4, maxrss: 8099 }, task: { coreCount: 4, ramCount: 2000, ramUnit: 'MBPerCore', baseRamCount: 1000 } },
    { needs: 2025, offers: 2024, unit: 'MB/core', cores: 4 },
  ],
  ['BROKERAGE-15', f.lowmemory, 'no limit passes', { task: { ramCount: 1e6 } }, 'pass'],
  ['BROKERAGE-15', f.highmemory, 'the minimum itself passes', { queue: { minrss: 1800 }, task: { ramCount: 2000 } }, 'pass'],
  [
    'BROKERAGE-15',
    f.highmemory,
    'less than the minimum is rejected',
    { queue: { minrss: 1801 }, task: { ramCount: 2000 } },
    { needs: 1800, offers: 1801, unit: 'MB/core', cores: 1 },
  ],
  ['BROKERAGE-16', f.remoteio, 'direct-only work needs direct access', { task: { rule: 'IL=2' } }, {}],
  ['BROKERAGE-16', f.remoteio, 'and finds it', { task: { rule: 'IL=2' }, queue: { direct_access_lan: true } }, 'pass'],
  ['BROKERAGE-16', f.remoteio, 'others copy', { task: { rule: 'IL=1' } }, 'pass'],
  // 1024 MB input + 512 MB output at least + 300 MB margin of the working directory.
  ['BROKERAGE-17', f.disk, 'exactly enough scratch passes', { queue: { maxwdir: 1836 } }, 'pass'],
  ['BROKERAGE-17', f.disk, 'one MB less is rejected', { queue: { maxwdir: 1835 } }, { needs: 1836, offers: 1835, unit: 'MB' }],
  [
    'BROKERAGE-17',
    f.disk,
    'a single-core job gets an eighth of an eight-core node',
    { queue: { maxwdir: 8 * 1835, corecount: 8, capability: 'ucore' } },
    { needs: 1836, offers: 1835, unit: 'MB' },
  ],
  [
    'BROKERAGE-17',
    f.disk,
    'output by events replaces the half GB',
    { queue: { maxwdir: 2324 }, task: { outDiskCount: 1024, outDiskUnit: 'kBPerEvent' } },
    'pass',
  ],
  [
    'BROKERAGE-17',
    f.disk,
    'input read directly takes no scratch',
    { queue: { maxwdir: 812, direct_access_lan: true }, task: { rule: 'IL=1' } },
    'pass',
  ],
  ['BROKERAGE-17', f.disk, 'no limit passes', { request: { smallest: { inputBytes: 1e15, masterMb: 1, events: 1 } } }, 'pass'],
  [
    'BROKERAGE-18',
    f.storage,
    '200 GB are enough',
    { queue: { astorages: { pw: ['OUT'] } }, world: { endpoints: endpoint({ freeGb: 150, expiredGb: 50 }) } },
    'pass',
  ],
  [
    'BROKERAGE-18',
    f.storage,
    'less is rejected',
    { queue: { astorages: { pw: ['OUT'] } }, world: { endpoints: endpoint({ freeGb: 199 }) } },
    { needs: 200, offers: 199, unit: 'GB', endpoint: 'OUT' },
  ],
  [
    'BROKERAGE-18',
    f.storage,
    'unknown space passes',
    { queue: { astorages: { pw: ['OUT'] } }, world: { endpoints: endpoint({ freeGb: null }) } },
    'pass',
  ],
  [
    'BROKERAGE-18',
    f.storage,
    'a queue may be exempt',
    { queue: { astorages: { pw: ['OUT'] }, catchall: 'skip_RSE_check' }, world: { endpoints: endpoint({ freeGb: 1 }) } },
    'pass',
  ],
  [
    'BROKERAGE-19',
    f.blacklist,
    'a blacklisted endpoint is rejected by name',
    { queue: { astorages: { pw: ['OUT'] } }, world: { endpoints: endpoint({ isBlacklistedForWrite: true }) } },
    { endpoint: 'OUT' },
  ],
  [
    'BROKERAGE-20',
    f.scoutwalltime,
    'scouts need a day',
    { request: { useScout: true }, queue: { maxtime: 86_399 } },
    { needs: 86_400, offers: 86_399, unit: 's' },
  ],
  [
    'BROKERAGE-20',
    f.scoutwalltime,
    'merge jobs need a day',
    { request: { isMerging: true }, queue: { maxtime: 86_399 } },
    rejected,
  ],
  ['BROKERAGE-20', f.scoutwalltime, 'a day is enough', { request: { useScout: true }, queue: { maxtime: 86_400 } }, 'pass'],
  ['BROKERAGE-20', f.zerowalltime, 'so do tasks of unknown length', { queue: { maxtime: 86_399 } }, rejected],
  // 36 × 1000 / (1 × 10 × 0.5) + 600 = 7800 s.
  ['BROKERAGE-21', f.shortwalltime, 'exactly enough time passes', { task: hs06, queue: { maxtime: 7800 } }, 'pass'],
  [
    'BROKERAGE-21',
    f.shortwalltime,
    'a second less is rejected',
    { task: hs06, queue: { maxtime: 7799 } },
    { needs: 7800, offers: 7799, unit: 's' },
  ],
  [
    'BROKERAGE-21',
    f.longwalltime,
    'queues for long jobs reject short ones',
    { task: hs06, queue: { mintime: 7801 } },
    { needs: 7800, offers: 7801, unit: 's' },
  ],
  ['BROKERAGE-24', f.es, 'event service needs a queue for it', { task: { eventService: 1 } }, { jobSeed: 'std' }],
  ['BROKERAGE-24', f.es, 'and finds it', { task: { eventService: 1 }, queue: { jobseed: 'es' } }, 'pass'],
  ['BROKERAGE-24', f.nones, 'ordinary jobs avoid it', { queue: { jobseed: 'es' } }, { jobSeed: 'es' }],
  [
    'BROKERAGE-24',
    f.eshigh,
    'some take it only urgent',
    { task: { eventService: 1, currentPriority: 100 }, queue: { jobseed: 'eshigh' } },
    rejected,
  ],
  [
    'BROKERAGE-24',
    f.eshigh,
    'and take it urgent',
    { task: { eventService: 1, currentPriority: 900 }, queue: { jobseed: 'eshigh' } },
    'pass',
  ],
  [
    'BROKERAGE-24',
    f.esUcore,
    'not on one core of a unified queue',
    { task: { eventService: 1 }, queue: { corecount: 8, capability: 'ucore' } },
    { offers: 8 },
  ],
  [
    'BROKERAGE-24',
    f.dyn,
    'dynamic events need a queue that says how many',
    { task: { rule: 'DY=50' } },
    { needs: 50, offers: 0, unit: 'events' },
  ],
  ['BROKERAGE-24', f.dyn, 'and enough of them', { task: { rule: 'DY=50' }, queue: { catchall: 'nSimEvents=50' } }, 'pass'],
  ['BROKERAGE-25', f.transferring, '2000 transferring jobs pass', { load: { transferring: 2000 } }, 'pass'],
  [
    'BROKERAGE-25',
    f.transferring,
    'one more is rejected',
    { load: { transferring: 2001 } },
    { needs: 2001, offers: 2000, unit: any },
  ],
  ['BROKERAGE-25', f.transferring, 'twice the running jobs pass', { load: { transferring: 4000, running: 2000 } }, 'pass'],
  [
    'BROKERAGE-25',
    f.transferring,
    'a queue’s own limit replaces 2000',
    { load: { transferring: 11 }, queue: { transferringlimit: 10 } },
    rejected,
  ],
  [
    'BROKERAGE-26',
    f.t1weight,
    't1Weight −1 keeps jobs at the nucleus',
    { task: { rule: 'TW=-1', nucleus: 'N' }, world: nucleus },
    { nucleus: 'N' },
  ],
  [
    'BROKERAGE-26',
    f.t1weight,
    'not merge jobs',
    { task: { rule: 'TW=-1' }, request: { isMerging: true }, world: nucleus },
    'pass',
  ],
  [
    'BROKERAGE-26',
    f.t1weight,
    'queues of the nucleus pass',
    { task: { rule: 'TW=-1' }, world: { nucleusQueues: new Set(['Q']) } },
    'pass',
  ],
  ['BROKERAGE-27', f.nopilot, 'three hours without a pilot', {}, {}],
  ['BROKERAGE-27', f.nopilot, 'one call is life', { load: { pilotCalls: 1 } }, 'pass'],
  ['BROKERAGE-27', f.nopilot, 'test jobs go anyway', { task: { prodSourceLabel: 'test' } }, 'pass'],
  // Half closeness, empty link: 0.5 × (2 + (1 + 6/11)) = 1.77.
  [
    'BROKERAGE-28',
    f.lowNetworkWeight,
    'priority 1000 needs a weight of 1.7',
    { world: { ...link({}), ...options({ networkActive: true }) } },
    'pass',
  ],
  [
    'BROKERAGE-28',
    f.lowNetworkWeight,
    'less is rejected',
    { world: { ...link({ mbps1h: 15 }), ...options({ networkActive: true }) } },
    { needs: 1.7, offers: 1.65, unit: any },
  ],
  [
    'BROKERAGE-28',
    f.lowNetworkWeight,
    'the multiplier moves the threshold',
    { world: { ...link({}), ...options({ networkActive: true, networkWeightMultiplier: 2 }) } },
    rejected,
  ],
  [
    'BROKERAGE-28',
    f.lowNetworkWeight,
    'an *urgent* processing type counts like priority',
    {
      task: { currentPriority: 1, processingType: 'x-urgent' },
      world: { ...link({ mbps1h: 0.5 }), ...options({ networkActive: true }) },
    },
    rejected,
  ],
  [
    'BROKERAGE-28',
    f.lowNetworkWeight,
    'other work does not',
    { task: { currentPriority: 999 }, world: { ...link({ mbps1h: 0.5 }), ...options({ networkActive: true }) } },
    'pass',
  ],
  [
    'BROKERAGE-35',
    f.cap,
    'activated and starting up to twice the running jobs pass',
    { load: { running: 50, activated: 60, starting: 40 } },
    'pass',
  ],
  [
    'BROKERAGE-35',
    f.cap,
    'one more is rejected',
    { load: { running: 50, activated: 60, starting: 41 } },
    { needs: 101, offers: 100, unit: any },
  ],
  [
    'BROKERAGE-35',
    f.cap,
    'everything queued counts',
    { load: { running: 50, activated: 60, starting: 30, defined: 11 } },
    { needs: 101, offers: 100, unit: any },
  ],
  [
    'BROKERAGE-35',
    f.cap,
    'jobs that wait for data count when these jobs would, too',
    { load: { running: 50, activated: 60, assigned: 41 }, world: locality({}) },
    rejected,
  ],
  ['BROKERAGE-30', f.cap, 'and do not when the input is there', { load: { running: 50, activated: 60, assigned: 41 } }, 'pass'],
  ['BROKERAGE-35', f.cap, 'a queue is never full below twenty', { load: { activated: 20 } }, 'pass'],
  [
    'BROKERAGE-35',
    f.capRt,
    'the same per resource type',
    { load: { runningOfType: 20, queuedOfType: 41 } },
    { needs: 41, offers: 40, unit: any },
  ],
  [
    'BROKERAGE-37',
    f.linksFull,
    'configured caps replace the defaults',
    { world: { ...link({ queuedFiles: 20 }), ...options({ nQueuedSatCap: 10 }) } },
    rejected,
  ],
  ['', f.jumbo, 'queues for jumbo jobs take nothing else', { queue: { catchall: 'useJumboJobs' } }, {}],
  [
    '',
    f.fewevents,
    'jumbo jobs need enough events',
    { request: { jumboEvents: 9 }, queue: { catchall: 'minEventsForJumbo=10' } },
    { needs: 10, offers: 9, unit: 'events' },
  ],
  [
    '',
    f.nonLocal,
    'input that nobody moves has to be there',
    { world: { ...locality({}), ...options({ inputMustBeLocal: true }) } },
    { needs: 20, offers: 0, unit: 'files' },
  ],
  ['', f.nonLocal, 'elsewhere it is moved', { world: locality({}) }, 'pass'],
  ['', f.excluded, 'the task excludes queues by pattern', { request: { excludedSites: ['X', 'Q*'] } }, {}],
  ['', f.notincluded, 'the task names other queues', { request: { includedSites: ['X'] } }, {}],
  ['', f.notincluded, 'the task names this queue', { request: { includedSites: ['X', 'Q'] } }, 'pass'],
];

describe('brokerage filters', () => {
  it.each(cases.map(([id, filter, what, given, expected]) => [id, filter.code, what, { filter, given, expected }] as const))(
    '%s %s: %s',
    (_id, _code, _what, { filter, given, expected }) => {
      expect(judge(filter, given)).toEqual(expected);
    },
  );

  const connectivity = [
    ['full', undefined, true],
    ['full', 'http', true],
    ['full', 'full', true],
    ['http', undefined, true],
    ['http', 'http', true],
    ['http', 'full', false],
    ['none', undefined, true],
    ['none', 'http', false],
    ['none', 'full', false],
  ] as const;
  it.each(connectivity)('BROKERAGE-22 network: a queue with %s and a task asking for %s: %s', (offered, asked, passes) => {
    const rule = asked === undefined ? '' : `IP=${asked === 'full' ? 1 : 2}`;
    expect(judge(f.network, { queue: { wnconnectivity: offered }, task: { rule } }) === 'pass').toBe(passes);
  });

  const stacks = [
    ['IPv4', undefined, true],
    ['IPv4', 'IPv4', true],
    ['IPv4', 'IPv6', false],
    ['IPv6', undefined, true],
    ['IPv6', 'IPv4', false],
    ['IPv6', 'IPv6', true],
    ['', undefined, true],
    ['', 'IPv4', false],
    ['', 'IPv6', false],
  ] as const;
  it.each(stacks)('BROKERAGE-23 network: a queue with stack %s and a task asking for %s: %s', (offered, asked, passes) => {
    const rule = asked === undefined ? '' : `IK=${asked === 'IPv4' ? 4 : 6}`;
    expect(judge(f.network, { queue: { wnconnectivity: `full#${offered}` }, task: { rule } }) === 'pass').toBe(passes);
  });

  it('every filter has its own code and a tag of the documented vocabulary', () => {
    const all = Object.values(f);
    expect(new Set(all.map((filter) => filter.code)).size).toBe(all.length);
    const documented =
      '-status -network -cap -cap_rt -zeroshare -io -diskIO -cpucore -cache -lowmemory -highmemory -remoteio -disk -blacklist -nones ' +
      '-scoutwalltime -shortwalltime -longwalltime -zerowalltime -non_local -es -eshigh -es_ucore -dyn -jumbo -fewevents -transferring ' +
      '-t1weight -nopilot -inactive -opportunistic -link_unusable -links_full -lowNetworkWeight -excluded -notincluded';
    for (const filter of all) expect(documented.split(' ')).toContain(filter.tag);
  });

  it('memory of scratch for merging counts input, output and a margin', () => {
    const request = { isMerging: true, smallest: { inputBytes: 1000 * MIB, masterMb: 1, events: 1 } };
    expect(judge(f.disk, { request, queue: { maxwdir: 2700 } })).toBe('pass');
    expect(judge(f.disk, { request, queue: { maxwdir: 2699 } })).toEqual({ needs: 2700, offers: 2699, unit: 'MB' });
  });
});
