import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AnyOperation, type Argument, allOperations, snakeCase } from '@panda/contracts';
import { aTask, insertRows } from '@panda/testing';
import { classic, countRows, type Got, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
const callers: Record<string, { token?: string; origin?: string }> = {};

beforeAll(async () => {
  gateway = await startGateway();
  const person = (sub: string, name: string, role: string | null) =>
    gateway.issuer.token({ sub, name, groups: ['wlcg', ...(role === null ? [] : [`wlcg/${role}`])] });
  callers.anonymous = {};
  callers.user = { token: await person('u', 'Plain User', null), origin: 'wlcg' };
  callers.pilot = { token: await person('p', 'Pilot User', 'pilot'), origin: 'wlcg:pilot' };
  callers.harvester = { token: await person('h', 'Harvester User', 'harvester'), origin: 'wlcg:harvester' };
  callers.production = { token: await person('m', 'Manager User', 'production'), origin: 'wlcg:production' };
  await insertRows(gateway.database, aTask(1).running().with({ username: 'Somebody Else' }));
}, 60_000);
afterAll(() => gateway.close());

/** Arguments of the right types that name nobody's objects. */
function sample({ type }: Argument<unknown>): unknown {
  const samples: Record<string, unknown> = {
    int: 1,
    float: 1,
    bool: false,
    str: 'x',
    object: {},
    list: [],
    ints: [1],
    strs: ['x'],
    json: '{}',
    loose: 1,
  };
  return samples[type];
}

async function call(operation: AnyOperation, sent: { token?: string; origin?: string }): Promise<Got> {
  const needed = Object.entries(operation.args as Record<string, Argument<unknown>>).filter(([, argument]) => argument.required);
  if (operation.v1) {
    const args = Object.fromEntries(needed.map(([key, argument]) => [snakeCase(key), sample(argument)]));
    if (operation.v1.verb === 'POST') return v1Post(gateway, operation.v1.path, args, sent);
    return v1Get(
      gateway,
      `${operation.v1.path}?${new URLSearchParams(Object.entries(args).map(([key, value]): [string, string] => [key, String(value)]))}`,
      sent,
    );
  }
  const form = Object.fromEntries(needed.map(([key, argument]) => [argument.legacy ?? key, String(sample(argument))]));
  return classic(gateway, operation.legacy?.methods[0] ?? '', form, { ...sent, headers: { accept: 'application/json' } });
}

const REFUSALS = [
  'SSL secure connection is required',
  'production or pilot role required',
  'not the task owner or no production role',
];

async function refusalOf(operation: AnyOperation, who: string): Promise<string | null> {
  const { text } = await call(operation, callers[who] ?? {});
  return REFUSALS.find((refusal) => text.includes(refusal)) ?? (text === 'False' ? (REFUSALS[0] as string) : null);
}

/**
 * Who is let in, as the matrix of reliability §8.3 has it; everything that is not listed is for any user. A change of an operation's
 * access changes this list, or the test fails.
 */
const ONLY: Record<string, readonly string[]> = {};
const allow = (roles: readonly string[], ...ids: readonly string[]) =>
  ids.forEach((id) => {
    ONLY[id] = roles;
  });
allow(
  ['anonymous', 'user', 'pilot', 'harvester', 'production'],
  'system.is_alive',
  'metaconfig.get_site_specs',
  'metaconfig.get_resource_types',
  'statistics.active_job_stats_by_site',
  'statistics.active_job_detailed_stats_by_site',
  'task.get_status',
  'task.get_task_parameters',
  'task.get_job_ids',
  'job.get_description',
  'file_server.get_cache_prefixes',
  'file_server.get_cmt_config_list',
  'file_server.get_client_version',
  'statistics.active_job_stats_by_resource',
  'statistics.pilots',
  'statistics.global_share_status',
  'file_server.get_server',
);
allow(
  ['production'],
  'task.kill',
  'task.finish',
  'task.retry',
  'task.reload_input',
  'task.reassign',
  'task.pause',
  'task.resume',
  'task.avalanche',
  'task.release',
  'task.reactivate',
  'task.increase_attempts',
  'task.change_priority',
  'task.change_attribute',
  'task.change_split_rule',
  'task.change_modification_time',
  'task.reassign_global_share',
  'task.kill_unfinished_jobs',
  'job.set_command',
  'harvester.set_slots',
  'harvester.sweep_queue',
  'metaconfig.get_banned_users',
);
allow(
  ['pilot', 'harvester', 'production'],
  'pilot.update_worker_status',
  'pilot.update_worker_node',
  'pilot.update_worker_node_gpu',
  'creds.get_key_pair',
  'creds.get_proxy',
  'creds.get_access_token',
  'creds.get_token_key',
  'file_server.upload_jedi_log',
  'file_server.upload_hpo_checkpoint',
  'file_server.delete_hpo_checkpoint',
  'harvester.get_worker_statistics',
  'harvester.get_current_worker_id',
);
allow(
  ['harvester', 'production'],
  'harvester.update_workers',
  'harvester.heartbeat',
  'harvester.report_worker_statistics',
  'harvester.update_service_metrics',
  'harvester.add_dialogs',
  'harvester.acquire_commands',
  'harvester.acknowledge_commands',
);
/** Judged for each object: without a pilot's role only for own jobs with the label user. */
allow(['pilot', 'harvester', 'production'], 'pilot.acquire_jobs');
const ANY_USER = ['user', 'pilot', 'harvester', 'production'];

describe('the access matrix', () => {
  it.each(allOperations.map((operation) => [operation.id, operation] as const))(
    'S1 %s lets in whom it should, and nobody else',
    async (id, operation) => {
      const admitted = ONLY[id] ?? ANY_USER;
      const before = await countRows(gateway);
      for (const who of Object.keys(callers).filter((name) => !admitted.includes(name))) {
        const expected = who === 'anonymous' ? REFUSALS[0] : expect.stringMatching(/role required|not the task owner/);
        expect([who, await refusalOf(operation, who)]).toEqual([who, expected]);
      }
      expect(await countRows(gateway)).toEqual(before);
      for (const who of admitted) expect([who, await refusalOf(operation, who)]).toEqual([who, null]);
    },
  );

  it('lists no operation that does not exist', () => {
    const ids = allOperations.map((operation) => operation.id);
    expect(Object.keys(ONLY).filter((id) => !ids.includes(id))).toEqual([]);
  });
});
