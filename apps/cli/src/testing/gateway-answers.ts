import { jobStatus, taskStatus } from '@panda/domain';
import { tokenOf } from './run-tool.js';

/** The recording server of @panda/testing, as far as answers need it. */
interface AnsweringServer {
  readonly url: string;
  on(
    route: string,
    answer: { body: object | string; headers?: Record<string, string> } | ((request: { body: Buffer }) => { body: object }),
  ): this;
  onV1(route: string, data: unknown, message?: string): this;
}

const task = {
  jediTaskID: 12345678,
  reqID: 475,
  status: taskStatus.running,
  superStatus: taskStatus.running,
  taskName: 'user.alice.test/',
  userName: 'Alice Adams',
  vo: 'wlcg',
  processingType: 'panda-client-2.0.2-jedi-run',
  creationDate: { __datetime__: '2026-11-22T07:00:00' },
  modificationTime: { __datetime__: '2026-11-22T08:00:00' },
  nFiles: 10,
  nFilesFinished: 4,
  nFilesFailed: 1,
  pctFinished: 40,
  pctFailed: 10,
};
const job = {
  PandaID: 5000000001,
  jediTaskID: 12345678,
  jobStatus: jobStatus.failed,
  computingSite: 'SITE_A',
  attemptNr: 2,
  pilotErrorCode: 1305,
  pilotErrorDiag: 'Failed to execute payload',
  exeErrorCode: 0,
  Files: [{ lfn: 'out.root', type: 'output', status: jobStatus.failed, fsize: 0 }],
};
const explanation = {
  subject: 'task',
  id: 12345678,
  status: taskStatus.pending,
  summary: '0 of 143 queues: 61 zeroshare, 40 lowmemory',
  reasons: [
    {
      code: 'criteria=-lowmemory',
      severity: 'blocked',
      sentence: 'needs 3900 MB/core, best offers 3600',
      facts: {},
      unblock: 'ask for 3600 MB/core',
    },
    { code: 'scouts', severity: 'note', sentence: 'scouts have not run', facts: {} },
  ],
  brokerage: {
    at: '2026-11-22T08:00:00Z',
    candidates: 143,
    funnel: [],
    rejected: [{ code: 'lowmemory', count: 40, nearest: { queue: 'SITE_A', sentence: 'offers 3600 MB/core' } }],
    chosen: [],
  },
};
const queue = {
  name: 'SITE_A',
  site: 'A',
  vo: 'wlcg',
  status: 'online',
  type: 'unified',
  cores: 8,
  max_rss_mb: 16000,
  max_time_s: 345600,
  n_activated: 3,
  n_running: 120,
};
const file = {
  scope: 'user.alice',
  lfn: 'events.root',
  dataset: 'user.alice.events',
  size: 5,
  adler32: '062c0215',
  guid: 'g',
  n_events: null,
  replicas: [{ endpoint: 'DISK', path: '/x' }],
};
const dataset = {
  scope: 'user.alice',
  name: 'user.alice.events',
  type: 'dataset',
  is_open: true,
  n_files: 1,
  n_bytes: 5,
  owner: 'Alice Adams',
  created_at: '2026-11-22T08:00:00Z',
  created: true,
};

/** A server that knows one user's world and answers every call by contract. */
export function answerAll<S extends AnsweringServer>(server: S): S {
  answerTasks(server);
  answerJobs(server);
  answerData(server);
  answerIdentity(server);
  server.onV1('GET queue/list', [queue]);
  server.onV1('POST creds/set_user_secrets', null, 'OK').onV1('GET creds/get_user_secrets', '{"TOKEN": "abc"}');
  server.onV1('GET system/is_alive', null);
  server.on('POST /api/v1/file_server/validate_cache_file', { body: { success: false, message: 'NOTFOUND', data: null } });
  server.onV1('POST file_server/upload_cache_file', null);
  server.onV1('POST file_server/upload_file_recovery_request', { logFileURL: 'http://cache/log' });
  return server.on('POST /server/panda/execute_idds_workflow_command', { body: [true, [[0, 'ok']]] });
}

function answerTasks(server: AnsweringServer): void {
  server.onV1('POST task/submit', 12345678, 'succeeded. new jediTaskID=12345678');
  server.onV1('GET task/get_tasks_detailed_info_since', [task]);
  server.onV1('GET task/get_detailed_info', { ...task, status: taskStatus.done });
  server.onV1('GET task/get_task_parameters', { taskName: 'user.alice.test/' });
  server.onV1('GET task/get_job_descriptions', [job]);
  server.onV1('GET task/why', explanation);
  for (const command of ['kill', 'finish', 'pause', 'resume', 'reload_input']) {
    server.onV1(`POST task/${command}`, 0, `command=${command} is registered. will be executed in a few minutes`);
  }
  server.on('POST /api/v1/task/retry', ({ body }) => {
    const code = 'new_parameters' in JSON.parse(String(body)) ? 3 : 0;
    return { body: { success: true, message: 'retry is registered', data: code } };
  });
}

function answerJobs(server: AnsweringServer): void {
  server.onV1('POST job/get_description_incl_archive', [job]);
  server.on('POST /api/v1/job/kill', ({ body }) => {
    const { job_ids: ids } = JSON.parse(String(body)) as { job_ids: number[] };
    return { body: { success: true, message: '', data: ids.map(() => true) } };
  });
  server.onV1('POST job/set_debug_mode', null, 'Succeeded');
  server.onV1('GET job/get_metadata_for_analysis_jobs', { 5000000001: { answer: 42 } });
  server.onV1('GET job/why', { ...explanation, subject: 'job', id: 5000000001 });
}

function answerData(server: AnsweringServer): void {
  server.onV1('POST data/register_dataset', dataset).onV1('POST data/close_dataset', { ...dataset, is_open: false });
  server.onV1('POST data/upload_file', { ...file, created: true });
  server.onV1('GET data/list_datasets', { items: [dataset], next_offset: null });
  server.onV1('GET data/list_files', { items: [file], next_offset: null });
  server.on('GET /api/v1/data/download_file', { headers: { 'x-panda-adler32': file.adler32 }, body: 'hello' });
}

function answerIdentity(server: AnsweringServer): void {
  const { url } = server;
  const claims = { iss: url, sub: 'alice', aud: 'panda', iat: 1_700_000_000, name: 'Alice Adams', preferred_username: 'alice' };
  server.on('GET /auth/wlcg_auth_config.json', {
    body: {
      oidc_config_url: `${url}/.well-known/openid-configuration`,
      client_id: 'panda',
      client_secret: '',
      audience: 'panda',
    },
  });
  server.on('GET /.well-known/openid-configuration', {
    body: {
      issuer: url,
      device_authorization_endpoint: `${url}/device`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
    },
  });
  const device = { device_code: 'd', user_code: 'ABCD-EFGH', verification_uri: `${url}/go`, expires_in: 600, interval: 0.01 };
  server.on('POST /device', { body: device });
  server.on('POST /token', { body: { token_type: 'Bearer', access_token: 'a', refresh_token: 'r', id_token: tokenOf(claims) } });
}
