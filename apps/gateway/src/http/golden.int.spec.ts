import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aJob, aJobFile, anEndpoint, aQueue, aTask, insertRows } from '@panda/testing';
import { startGateway, type TestGateway } from '../testing/gateway.js';

interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body?: string | { form: Record<string, unknown> } | { jsonBody: unknown };
    readonly gzip?: boolean;
    readonly multipart?: { name: string; filename: string; contentBase64: string };
  };
  readonly answer: {
    readonly status: number;
    readonly text?: string;
    readonly matches?: string;
    readonly json?: unknown;
    readonly base64?: string;
  };
}

const root = join(import.meta.dirname, '../../../..');
const folder = join(root, 'libs/contracts/fixtures');
const maps = join(root, 'libs/domain/src/refine/fixtures');
const recordings = readdirSync(folder).map((file) => ({
  file,
  ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as { source: string; exchanges: Exchange[] }),
}));

/** What real clients sent, byte for byte where it matters, against the gateway as it runs. Each recording starts on a fresh database. */
describe.each(recordings)('$file', ({ exchanges }) => {
  let gateway: TestGateway;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    gateway = await startGateway();
    tokens.alice = await gateway.issuer.token();
    tokens.pilot = await gateway.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/pilot'] });
    tokens.harvester = await gateway.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/harvester'] });
    await prepare(gateway, exchanges);
  }, 60_000);
  afterAll(() => gateway.close());

  it.each(exchanges)('$name', async ({ request, answer }) => {
    const response = await fetch(`${gateway.url}${request.path}`, { method: request.method, ...content(request, tokens) });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([response.status, answer.status === 200 ? '' : bytes.toString()]).toEqual([answer.status, '']);
    if (answer.text !== undefined) expect(bytes.toString()).toBe(answer.text);
    if (answer.matches !== undefined) expect(bytes.toString()).toMatch(new RegExp(answer.matches, 's'));
    if (answer.json !== undefined) expect(JSON.parse(bytes.toString())).toEqual(answer.json);
    if (answer.base64 !== undefined) expect(bytes.toString('base64')).toBe(answer.base64);
  });
});

/** The objects the recordings speak of. Client recordings look at a job that runs, the others fetch one. */
async function prepare({ database }: TestGateway, exchanges: readonly Exchange[]): Promise<void> {
  const ofClient = exchanges.some(({ request }) => request.path.includes('submit') || request.path.includes('insertTaskParams'));
  const now = new Date().toISOString().slice(0, 19);
  await database.pool.query("insert into doma_panda.harvester_instances (harvester_id) values ('h1')");
  await insertRows(database, aQueue('TEST_PQ'), anEndpoint('LOCAL_DISK'));
  if (ofClient) {
    const owner = 'Alice Example';
    await insertRows(
      database,
      aTask(12_345_678)
        .running()
        .with({ username: owner, taskname: 'user.alice.recorded/', superstatus: 'running', modificationtime: now }),
      aJob(5_000_000_001).ofTask(12_345_678).inStatus('running').at('TEST_PQ').with({ produsername: owner }),
    );
    const map = {
      ...(JSON.parse(readFileSync(join(maps, 'prun-no-input.json'), 'utf8')) as object),
      taskName: 'user.alice.recorded/',
      userName: owner,
      taskType: 'anal',
      taskPriority: 1000,
    };
    await database.pool.query(
      `with map as (insert into doma_panda.jedi_taskparams values (12345678, $1))
       insert into doma_deft.t_task (taskid, status, vo, prodsourcelabel, taskname, username) values (12345678, 'running', 'wlcg', 'user', 'user.alice.recorded/', $2)`,
      [JSON.stringify(map), owner],
    );
    // The client says `atlas` unless it is told a VO.
    await database.pool.query(
      `insert into doma_panda.jedi_work_queue (queue_id, queue_name, queue_type, vo, queue_function) values (98, 'a', 'user', 'atlas', 'WQ')`,
    );
    return;
  }
  await insertRows(
    database,
    aJob(1003)
      .at('TEST_PQ')
      .with({
        transformation: 'http://localhost/trf/user/runGen-00-00-02',
        prodsourcelabel: exchanges[0]?.request.path.includes('isAlive') ? 'managed' : 'user',
      }),
    aJobFile(1).ofJob(1003).with({ lfn: 'out', type: 'output' }),
    aJobFile(2).ofJob(1003).with({ lfn: 'log.tgz', type: 'log' }),
  );
}

function content({ headers, body, gzip, multipart }: Exchange['request'], tokens: Record<string, string>): RequestInit {
  const filled = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'connection')
      .map(([name, value]) => [name, value.replace(/\{\{(\w+)\}\}/, (_, who: string) => tokens[who] ?? '')]),
  );
  if (multipart) {
    const form = new FormData();
    form.append(multipart.name, new Blob([Buffer.from(multipart.contentBase64, 'base64')]), multipart.filename);
    return { headers: filled, body: form };
  }
  if (body === undefined) return { headers: filled };
  const text =
    typeof body === 'string' ? body : 'form' in body ? formText(body.form) : JSON.stringify(withFixtures(body.jsonBody));
  return { headers: filled, body: gzip ? gzipSync(text) : text };
}

function formText(form: Record<string, unknown>): string {
  const texts = Object.entries(form).map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(withFixtures(value)),
  ]);
  return new URLSearchParams(texts).toString();
}

/** `{"$fixture": "prun-no-input"}` stands for a parameter map that a real tool built. */
function withFixtures(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$fixture' in value) return JSON.parse(readFileSync(join(maps, `${String(value.$fixture)}.json`), 'utf8'));
  if (Array.isArray(value)) return value.map(withFixtures);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFixtures(item)]));
}
