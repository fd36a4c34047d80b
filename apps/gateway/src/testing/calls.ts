import type { TestGateway } from './gateway.js';

export interface Sent {
  readonly token?: string;
  readonly origin?: string;
  readonly headers?: Record<string, string>;
}

export interface Got {
  readonly status: number;
  readonly text: string;
  readonly json: () => unknown;
  readonly headers: Headers;
}

async function got(response: Response): Promise<Got> {
  const text = await response.text();
  return { status: response.status, text, json: () => JSON.parse(text), headers: response.headers };
}

function headers({ token, origin = 'wlcg', headers: more = {} }: Sent): Record<string, string> {
  return { ...(token === undefined ? {} : { authorization: `Bearer ${token}`, origin }), ...more };
}

/** A classic call with a form body, as urllib sends it. */
export async function classic(gateway: TestGateway, method: string, form: Record<string, string>, sent: Sent = {}): Promise<Got> {
  return got(
    await fetch(`${gateway.url}/server/panda/${method}`, {
      method: 'POST',
      body: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers(sent) },
    }),
  );
}

export async function v1Post(gateway: TestGateway, path: string, body: unknown, sent: Sent = {}): Promise<Got> {
  return got(
    await fetch(`${gateway.url}/api/v1/${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers(sent) },
    }),
  );
}

export async function v1Get(gateway: TestGateway, path: string, sent: Sent = {}): Promise<Got> {
  return got(await fetch(`${gateway.url}/api/v1/${path}`, { headers: { accept: 'application/json', ...headers(sent) } }));
}

export async function raw(gateway: TestGateway, path: string, init: RequestInit): Promise<Got> {
  return got(await fetch(`${gateway.url}${path}`, init));
}

/** Rows of tables that a refused request must leave as they are. */
export async function countRows(gateway: TestGateway): Promise<Record<string, number>> {
  const tables = [
    'doma_deft.t_task',
    'doma_panda.jedi_tasks',
    'doma_panda.jedi_taskparams',
    'doma_panda.tasks_statuslog',
    'doma_deft.prodsys_comm',
    'doma_panda.jobs',
    'doma_panda.job_output_report',
    'doma_panda.secrets',
    'doma_pandameta.usercacheusage',
    'doma_panda.harvester_workers',
    'panda_ops.outbox',
  ];
  const counts = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await gateway.database.pool.query<{ n: string }>(`select count(*) as n from ${table}`);
      return [table, Number(rows[0]?.n)] as const;
    }),
  );
  return Object.fromEntries(counts);
}
