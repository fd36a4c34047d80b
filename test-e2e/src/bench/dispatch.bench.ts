import { pg, type TestDatabase } from '@panda/testing';
import autocannon from 'autocannon';
import pgDriver from 'pg';
import { ServiceProcess } from '../worker-node/service-process.js';
import { fillActivated, fillBare, QUEUES, refillBare } from './activated-jobs.js';
import { type Measurement, medianPair, type Pair } from './measure.js';

const JOBS = 100_000;
const CLIENTS = 64;
const PAIRS = 5;
const SECONDS = 4;
/** Jobs that run while heartbeats are measured. */
const RUNNING = 20_000;

/** getJob and heartbeats through HTTP, beside one-row statements of 64 bare clients; pair by pair in one run, durable commits. Goals G1, G4. */
export async function dispatchBench(): Promise<Measurement[]> {
  const db = await pg({ max: 4 });
  await fillActivated(db, JOBS);
  await fillBare(db, JOBS);
  const gateway = await ServiceProcess.start('gateway', environment(db.url));
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connected(db.url)));
  try {
    const pick = await pairs(
      () => getJobs(gateway.port),
      () => bare(clients, pickOne),
      () => refillBare(db),
    );
    await assertHandedOnce(db);
    await startJobs(db);
    const beat = await pairs(
      () => heartbeats(gateway.port),
      () => bare(clients, touchOne),
    );
    return [
      {
        what: `getJob through HTTP, ${CLIENTS} pilots, ${JOBS} activated jobs, ${QUEUES} queues`,
        unit: 'requests/s',
        ...pick,
      },
      { what: `updateJob heartbeat through HTTP, ${CLIENTS} pilots`, unit: 'requests/s', ...beat },
    ];
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await gateway.stop();
    await db.close();
  }
}

function environment(url: string): Record<string, string> {
  return {
    DATABASE_URL: url,
    BUS: 'postgres',
    PANDA_HTTP_PORT: '0',
    PANDA_HTTP_HOST: '127.0.0.1',
    PANDA_DEVELOPMENT_USER: 'bench',
    PANDA_DB_POOL_MAX: '12',
  };
}

/** Ours and the bare one in turn. */
async function pairs(ours: () => Promise<number>, alone: () => Promise<number>, afterAlone?: () => Promise<void>) {
  await ours(); // plans, pools and compiled code are warm afterwards
  await alone();
  await afterAlone?.();
  const measured: Pair[] = [];
  for (let n = 0; n < PAIRS; n++) {
    measured.push({ ours: await ours(), bare: await alone() });
    await afterAlone?.();
  }
  return medianPair(measured);
}

const handed = new Set<number>();
let request = 0;

/** Answers a second. Every one must bring a job that no other answer brought: an empty answer is a failure of the bench. */
async function getJobs(port: number): Promise<number> {
  const before = handed.size;
  const from = performance.now();
  await load(port, '/server/panda/getJob', nextPilot, (body) => {
    const job = JSON.parse(body) as { StatusCode: number; PandaID?: number };
    if (job.StatusCode !== 0 || job.PandaID === undefined) throw new Error(`getJob answered ${body.slice(0, 200)}`);
    if (handed.has(job.PandaID)) throw new Error(`job ${job.PandaID} was handed out twice`);
    handed.add(job.PandaID);
  });
  return ((handed.size - before) * 1_000) / (performance.now() - from);
}

function nextPilot(): string {
  request += 1;
  const form = {
    siteName: `QUEUE_${request % QUEUES}`,
    prodSourceLabel: 'unified',
    node: `wn${request}.bench`,
    mem: '4000',
    diskSpace: '20000',
    cpu: '2000',
  };
  return new URLSearchParams(form).toString();
}

async function heartbeats(port: number): Promise<number> {
  let answered = 0;
  const from = performance.now();
  await load(port, '/server/panda/updateJob', nextBeat, (body) => {
    const reply = JSON.parse(body) as { StatusCode: number; command: string };
    if (reply.StatusCode !== 0 || reply.command !== 'NULL') throw new Error(`updateJob answered ${body.slice(0, 200)}`);
    answered += 1;
  });
  return (answered * 1_000) / (performance.now() - from);
}

function nextBeat(): string {
  request += 1;
  const form = {
    jobId: String(1 + (request % RUNNING)),
    state: 'running',
    attemptNr: '1',
    siteName: 'QUEUE_1',
    node: `wn${request}.bench`,
    maxRSS: '1000',
    timestamp: '2026-01-01T00:00:00+00:00',
  };
  return new URLSearchParams(form).toString();
}

function load(port: number, path: string, body: () => string, take: (body: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const run = autocannon(
      {
        url: `http://127.0.0.1:${port}${path}`,
        connections: CLIENTS,
        duration: SECONDS,
        requests: [
          {
            method: 'POST',
            headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
            setupRequest: (base) => ({ ...base, body: body() }),
            onResponse: (status, text) => {
              if (status !== 200) reject(new Error(`${path} answered ${status}: ${text.slice(0, 200)}`));
              try {
                take(text);
              } catch (error) {
                reject(error as Error);
              }
            },
          },
        ],
      },
      (error) => (error ? reject(error) : resolve()),
    );
    run.on('error', reject);
  });
}

type Statement = (client: pgDriver.Client) => Promise<unknown>;

async function bare(clients: readonly pgDriver.Client[], one: Statement): Promise<number> {
  let done = 0;
  const from = performance.now();
  const until = from + SECONDS * 1_000;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < until) {
        await one(client);
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - from);
}

let turn = 0;

async function pickOne(client: pgDriver.Client): Promise<void> {
  turn += 1;
  const { rowCount } = await client.query({
    name: 'bare-pick',
    text: `update public.bare_jobs set status = 'sent' where id = (select id from public.bare_jobs where site = $1 and status = 'activated'
             order by prio desc, id limit 1 for update skip locked) returning *`,
    values: [`QUEUE_${turn % QUEUES}`],
  });
  if (rowCount !== 1) throw new Error('the bare backlog ran empty');
}

async function touchOne(client: pgDriver.Client): Promise<void> {
  turn += 1;
  await client.query({
    name: 'bare-touch',
    text: 'update public.bare_jobs set touched = now() where id = $1',
    values: [1 + (turn % RUNNING)],
  });
}

async function connected(url: string): Promise<pgDriver.Client> {
  const client = new pgDriver.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** What clients counted is what the database handed out. */
async function assertHandedOnce({ database }: TestDatabase): Promise<void> {
  const { rows } = await database.pool.query<{ n: string }>('select count(*)::text as n from panda_ops.handout');
  const stored = Number(rows[0]?.n);
  // Answers under way when a round ended were handed out but not counted: at most one a connection and round.
  const uncounted = stored - handed.size;
  if (uncounted < 0 || uncounted > CLIENTS * (PAIRS + 1))
    throw new Error(`${stored} jobs are handed out, clients saw ${handed.size}`);
}

async function startJobs({ database }: TestDatabase): Promise<void> {
  await database.pool.query(`update doma_panda.jobs_live set jobstatus = 'running', attemptnr = 1 where pandaid <= $1`, [
    RUNNING,
  ]);
  await database.pool.query('vacuum analyze doma_panda.jobs_live');
}
