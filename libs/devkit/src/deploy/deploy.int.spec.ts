import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pg } from '@panda/testing';
import pgDriver from 'pg';
import { parse } from 'yaml';
import { filesIn, read } from '../repository/files.js';
import { packages } from '../repository/packages.js';
import { root } from '../repository/root.js';

interface Compose {
  services: Record<
    string,
    { command?: string[]; depends_on?: Record<string, unknown>; volumes?: string[]; environment?: Record<string, string> }
  >;
  volumes: Record<string, unknown>;
}
const compose = parse(read('deploy/compose/compose.yaml'), { merge: true }) as Compose;
const chart = parse(read('helm/panda/values.yaml')) as { services: Record<string, unknown> };

describe('the compose file', () => {
  it('starts the same services as the chart, from one image', () => {
    const fleet = Object.keys(compose.services).filter((name) => !['postgres', 'rabbitmq', 'migrate'].includes(name));
    expect(fleet.sort()).toEqual(Object.keys(chart.services).sort());
    for (const name of [...fleet, 'migrate']) expect(compose.services[name]?.command).toEqual([name]);
  });

  it('refers only to services, volumes and folders that exist', () => {
    const services = Object.values(compose.services);
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining(services.flatMap((one) => Object.keys(one.depends_on ?? {}))),
    );
    const sources = services.flatMap((one) => (one.volumes ?? []).map((volume) => volume.split(':')[0] as string));
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(sources.filter((source) => !source.startsWith('.'))));
    const folders = sources.filter((source) => source.startsWith('.')).map((source) => join('deploy/compose', source));
    expect(folders.filter((folder) => filesIn(folder).length === 0)).toEqual([]);
  });

  it('sets only keys that some service declares', () => {
    const declared = new Set([...read('deploy/.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, key]) => key));
    const given = Object.entries(compose.services)
      .filter(([name]) => !['postgres', 'rabbitmq'].includes(name))
      .flatMap(([, one]) => Object.keys(one.environment ?? {}));
    expect([...new Set(given)].filter((key) => !declared.has(key))).toEqual([]);
  });
});

describe('the image', () => {
  it('copies only files that exist', () => {
    const copied = [...read('deploy/docker/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) =>
      (from as string).split(' '),
    );
    const all = filesIn();
    expect(copied.filter((path) => !all.some((file) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
  });

  it('contains the program that the chart starts for each service', () => {
    const startable = packages().filter(({ folder }) => filesIn(folder).includes(`${folder}/src/main.ts`));
    const written = filesIn('apps')
      .filter((path) => /^apps\/[^/]+\/src\/app\.module\.ts$/.test(path))
      .map((path) => path.split('/')[1]);
    expect(startable.map(({ folder }) => folder.slice('apps/'.length))).toEqual(expect.arrayContaining(written));
  });

  it('starts the service that its argument names, and tells the names when there is no such service', () => {
    const apps = mkdtempSync(join(tmpdir(), 'panda-image-'));
    try {
      mkdirSync(join(apps, 'gateway/dist'), { recursive: true });
      writeFileSync(join(apps, 'gateway/dist/main.js'), 'console.log(process.argv.slice(2).join("+"));');
      const entry = (...args: string[]) =>
        spawnSync(join(root, 'deploy/docker/entry'), args, {
          encoding: 'utf8',
          env: { PATH: '/usr/local/bin:/usr/bin:/bin', PANDA_APPS: apps },
        });
      expect(entry('gateway', 'a', 'b')).toMatchObject({ status: 0, stdout: 'a+b\n' });
      expect(entry('gatewya')).toMatchObject({ status: 64, stderr: expect.stringContaining('  gateway\n') });
      expect(entry()).toMatchObject({ status: 64 });
    } finally {
      rmSync(apps, { recursive: true });
    }
  });
});

describe('the templates of configuration', () => {
  it('INSTALL-03 are delivered beside the operator’s files: keys, identity, queues, sites, agents of a site', () => {
    const keys = read('deploy/.env.example')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('# '));
    expect(keys.every((line) => /^#?[A-Z][A-Z0-9_]*=/.test(line))).toBe(true);
    expect(JSON.parse(read('deploy/config/auth/wlcg_auth_config.json'))).toMatchObject({
      vo: 'wlcg',
      oidc_config_url: expect.any(String),
    });
    const queue = JSON.parse(read('deploy/config/queues/EXAMPLE.json')) as { nickname: string };
    expect(Object.keys(JSON.parse(read('deploy/config/harvester/panda_queueconfig.json')) as object)).toEqual([queue.nickname]);
    // Nothing of it is read in place: an update of the code never overwrites what an operator has set.
    const readers = filesIn().filter((path) => /^(apps|libs)\/.*\.ts$/.test(path) && !path.startsWith('libs/devkit/'));
    expect(readers.filter((path) => read(path).includes('deploy/config'))).toEqual([]);
  });
});

describe('the sample site', () => {
  it('registers group, site, storage, queue and shares, and may be run twice', async () => {
    const queue = read('deploy/config/queues/EXAMPLE.json').replaceAll("'", "''");
    const script = read('deploy/config/site.sql').replaceAll(":'queue'", `'${queue}'`);
    const database = await pg();
    const client = new pgDriver.Client({ connectionString: database.url });
    await client.connect();
    try {
      for (let run = 0; run < 2; run += 1) await client.query(script);
      const registered = await client.query(`
        select q.data ->> 'status' as status, s.site_name, e.base_url, (select count(*)::int from doma_panda.global_shares where parent = 'Production') as shares
        from doma_panda.schedconfig_json q
        join doma_panda.panda_site s on s.panda_site_name = q.panda_queue
        join panda_ops.ddm_storage e on e.ddm_endpoint_name = s.default_ddm_endpoint`);
      expect(registered.rows).toEqual([
        { status: 'online', site_name: 'EXAMPLE_SITE', base_url: 'file:///var/lib/panda/storage', shares: 2 },
      ]);
    } finally {
      await client.end();
      await database.close();
    }
  }, 60_000);
});
