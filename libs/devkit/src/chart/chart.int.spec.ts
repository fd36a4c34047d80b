import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { topologyOf } from '@panda/bus';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { read } from '../repository/files.js';
import { packages } from '../repository/packages.js';
import { root } from '../repository/root.js';
import { CHART, examples, goldenOf, renderExample } from './examples.js';
import { type Manifest, normalised } from './manifests.js';
import { ofKind, one, type Pod, podOf, pods } from './rendered.js';
import { findRenderer, type Renderer } from './renderer.js';
import { typedProgram, validate } from './validate.js';

const found = findRenderer();
if (found.name === 'none') console.error(`THE HELM CHART IS NOT TESTED: ${found.reason}. See CONTRIBUTING.md, "The chart".`);
const suite = found.name === 'none' ? describe.skip : describe;
const renderer = found as Renderer;
const rendered = (example: string, set: readonly string[] = []) => renderExample(renderer, example, set);
const all = examples();

suite.each(all)('the chart with %s values', (example) => {
  it('gives what was last looked at and committed', () => {
    expect(normalised(rendered(example))).toBe(readFileSync(goldenOf(example), 'utf8'));
  });

  it('gives manifests that Kubernetes accepts', async () => {
    for (const manifest of rendered(example)) await validate(manifest);
  });

  it('refers only to what it renders or what an operator provides', () => {
    const manifests = rendered(example);
    const maps = ofKind(manifests, 'ConfigMap').map((map) => map.metadata.name);
    const provided = ['panda-database', 'panda-bus', 'host-certificate', 'harvester-token'];
    for (const pod of pods(manifests)) {
      expect(maps).toEqual(expect.arrayContaining(configMapsOf(pod)));
      expect(provided).toEqual(expect.arrayContaining(secretsOf(pod)));
      if (pod.serviceAccountName) one(manifests, 'ServiceAccount', pod.serviceAccountName);
    }
  });

  it('selects with every service, budget, scaler and policy exactly the pods it is for', () => {
    const manifests = rendered(example);
    const selectors = ['Service', 'PodDisruptionBudget', 'NetworkPolicy'].flatMap((kind) => ofKind(manifests, kind));
    for (const manifest of selectors.filter(({ metadata }) => !metadata.name.endsWith('default-deny'))) {
      const selected = pods(manifests).filter((pod) => selects(manifest.spec as Selecting, pod));
      expect(selected.map((pod) => `panda-${pod.labels['app.kubernetes.io/component']}`)).toEqual([manifest.metadata.name]);
    }
    for (const scaler of ofKind(manifests, 'HorizontalPodAutoscaler')) {
      const { spec } = one(manifests, 'Deployment', (scaler.spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name);
      expect(spec).not.toHaveProperty('replicas');
    }
  });
});

interface Selecting {
  selector?: Record<string, string> & { matchLabels?: Record<string, string> };
  podSelector?: { matchLabels: Record<string, string> };
}

function selects(spec: Selecting, pod: Pod): boolean {
  const labels = spec.podSelector?.matchLabels ?? spec.selector?.matchLabels ?? (spec.selector as Record<string, string>);
  return Object.entries(labels).every(([label, value]) => pod.labels[label] === value);
}

function configMapsOf(pod: Pod): string[] {
  const mounted = pod.volumes.flatMap((volume) => volume.configMap?.name ?? []);
  return [...mounted, ...pod.containers.flatMap((container) => (container.envFrom ?? []).map((from) => from.configMapRef.name))];
}

function secretsOf(pod: Pod): string[] {
  const mounted = pod.volumes.flatMap((volume) => volume.secret?.secretName ?? []);
  const asked = pod.containers.flatMap((container) => container.env.flatMap((entry) => entry.valueFrom?.secretKeyRef.name ?? []));
  return [...mounted, ...asked];
}

suite('every pod of the chart', () => {
  const manifests = () => all.flatMap((example) => rendered(example));
  const containers = () => pods(manifests()).flatMap((pod) => pod.containers);

  it('runs as an ordinary user without privileges, on a root file system it cannot write', () => {
    for (const pod of pods(manifests())) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.automountServiceAccountToken).toBe(false);
    }
    for (const container of containers()) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.volumeMounts).toContainEqual(expect.objectContaining({ mountPath: '/tmp' }));
    }
  });

  it('asks for CPU and memory, and may not take more memory than it says', () => {
    for (const { resources } of containers()) {
      expect(resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    }
  });

  it('names the version of its image', () => {
    for (const { image } of containers()) expect(image).toMatch(/:(?!latest$)[\w.-]+$/);
  });

  it('of a service that runs has probes on a port it opens', () => {
    for (const pod of pods(rendered('full')).filter(({ owner }) => owner.startsWith('Deployment/'))) {
      const [container] = pod.containers as [Pod['containers'][0]];
      for (const [probe, path] of Object.entries({
        startupProbe: '/startupz',
        livenessProbe: '/healthz',
        readinessProbe: '/readyz',
      })) {
        const { httpGet } = container[probe] as { httpGet: { path: string; port: string } };
        expect(httpGet.path).toBe(path);
        expect(container.ports?.map(({ name }) => name)).toContain(httpGet.port);
      }
    }
  });

  it('may finish its work before it is killed', () => {
    const seconds = (key: string) =>
      Number(
        /=(\d+)s$/m.exec(
          read('deploy/.env.example')
            .split('\n')
            .find((line) => line.includes(`${key}=`)) ?? '',
        )?.[1],
      );
    const stop = seconds('PANDA_STOP_LIMIT');
    for (const pod of pods(rendered('full')).filter(({ owner }) => owner.startsWith('Deployment/'))) {
      const pause = pod.containers[0]?.env.find(({ name }) => name === 'PANDA_STOP_ROUTING_PAUSE')?.value ?? '0s';
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(stop + Number.parseInt(pause, 10));
    }
  });

  it('is given only keys that some service declares', () => {
    const declared = new Set([...read('deploy/.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, key]) => key));
    const given = new Set(containers().flatMap(({ env }) => env.map(({ name }) => name)));
    expect([...given].filter((key) => key !== 'TZ' && !declared.has(key))).toEqual([]);
  });
});

suite('the chart', () => {
  it('HELM-01 HELM-03 maps each configuration entry one to one and mounts the host certificate', () => {
    const manifests = rendered('full', ['config.runtime.PANDA_LOG_FORMAT=json']);
    expect(one(manifests, 'ConfigMap', 'panda-config').data).toEqual({
      TZ: 'UTC',
      PANDA_SERVER_URL: 'https://panda.example.org',
      PANDA_LOG_LEVEL: 'debug',
      PANDA_LOG_FORMAT: 'json',
      PANDA_HTTP_TRUSTED_PROXIES: '10.0.0.0/8',
    });
    for (const service of ['gateway', 'jedi-job-generator']) {
      const [container] = podOf(manifests, service).containers as [Pod['containers'][0]];
      expect(container.envFrom).toEqual([{ configMapRef: { name: 'panda-config' } }]);
      expect(container.volumeMounts).toContainEqual({ name: 'certificates', mountPath: '/etc/grid-security', readOnly: true });
    }
    const files = one(manifests, 'ConfigMap', 'panda-files').data as Record<string, string>;
    expect(JSON.parse(files['atlas_auth_config.json'] as string)).toEqual({
      client_id: 'panda',
      issuer: 'https://iam.example.org/',
    });
  });

  it('HELM-02 HELM-04 starts server and JEDI only with autoStart, and leaves the pods up and idle without', () => {
    const idle = rendered('idle');
    for (const pod of pods(idle)) {
      expect(pod.containers[0]?.command.join(' ')).not.toContain('apps/');
      expect(pod.containers[0]).not.toHaveProperty('livenessProbe');
    }
    expect(ofKind(idle, 'Job')).toEqual([]);
    const started = rendered('idle', ['autoStart=true']);
    for (const service of ['gateway', 'jedi-task-refiner']) {
      expect(podOf(started, service).containers[0]?.command).toEqual([
        'node',
        '--enable-source-maps',
        `apps/${service}/dist/main.js`,
      ]);
    }
    expect(ofKind(started, 'Job')).toHaveLength(1);
  });

  it('runs every service of the fleet, and nothing else', () => {
    const values = parse(read('helm/panda/values.yaml')) as { services: Record<string, unknown> };
    const notServices = ['box', 'cli', 'migrate', 'pilot'];
    const apps = packages()
      .filter(({ layer }) => layer === 'app')
      .map(({ folder }) => folder.slice('apps/'.length));
    expect(Object.keys(values.services).sort()).toEqual(apps.filter((app) => !notServices.includes(app)).sort());
  });

  it('scales each service by the queues that the bus has for it', () => {
    const values = parse(read('helm/panda/values.yaml')) as { services: Record<string, { scaling?: { topics?: string[] } }> };
    const { work } = topologyOf('panda', []);
    for (const service of Object.keys(values.services)) {
      const queues = work.filter(({ consumer }) => consumer === service);
      expect(values.services[service]?.scaling?.topics ?? []).toEqual(queues.map(({ topic }) => topic.name));
      if (queues.length === 0) continue;
      const scaler = one(rendered('full', [`services.${service}.scaling.kind=keda`]), 'ScaledObject', `panda-${service}`);
      const { triggers } = scaler.spec as { triggers: { metadata: { queueName: string } }[] };
      expect(triggers.map(({ metadata }) => metadata.queueName)).toEqual(queues.map(({ name }) => name));
    }
  });

  it('takes zero and false for what they are', () => {
    const manifests = rendered('full', ['services.gateway.needs.bus=false']);
    expect(one(manifests, 'Deployment', 'panda-jedi-task-broker').spec).toMatchObject({ replicas: 0 });
    expect(podOf(manifests, 'gateway').containers[0]?.env.map(({ name }) => name)).not.toContain('AMQP_URL');
  });

  it('migrates before anything else exists, with nothing of the release', () => {
    const pod = podOf(rendered('full'), 'migrate');
    expect(pod.serviceAccountName).toBeUndefined();
    expect(configMapsOf(pod)).toEqual([]);
    expect(one(rendered('full'), 'Job', 'panda-migrate').metadata.annotations).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
    });
  });

  it.each([
    ['database.existingSecret=', /name the secret with the PostgreSQL URL/],
    ['bus.existingSecret=', /name the secret with the RabbitMQ URL/],
    ['ingress.enabled=true', /name the host/],
  ])('says what is missing with --set %s', (assignment, message) => {
    expect(() => rendered('minimal', [assignment])).toThrow(message);
  });

  it('refuses to scale by messages where RabbitMQ carries none', () => {
    expect(() => rendered('postgres-bus', ['services.jedi-job-generator.scaling.kind=keda'])).toThrow(/needs bus.kind rabbitmq/);
  });

  it('spells every field as Kubernetes does', () => {
    const manifests = rendered('full');
    const [policy] = ofKind(manifests, 'NetworkPolicy') as [Manifest];
    expect(misspelled(manifests)).toBe('');
    expect(misspelled([{ ...policy, spec: { ...(policy.spec as object), podSelektor: {} } }])).toContain('podSelektor');
  }, 60_000);
});

/** What the compiler says about fields that no Kubernetes type has. */
function misspelled(manifests: readonly Manifest[]): string {
  const folder = join(root, 'node_modules/.cache/panda-render');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'manifests.ts');
  writeFileSync(program, typedProgram(manifests));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];
  return spawnSync(process.execPath, [tsc, ...options, program], { encoding: 'utf8', cwd: folder }).stdout;
}

describe('the schema of the chart’s values', () => {
  const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as object;
  const accepts = (values: unknown) => new Ajv({ strict: false }).validate(schema, values);

  it.each(['values.yaml', ...all.map((example) => `ci/${example}-values.yaml`)])('accepts %s', (file) => {
    expect(accepts(parse(readFileSync(join(CHART, file), 'utf8')))).toBe(true);
  });

  it.each([
    ['a misspelled value', { databse: { existingSecret: 'x' } }],
    ['a key that no component declares', { config: { runtime: { PANDA_LOGLEVEL: 'debug' } } }],
    ['a value out of range', { config: { runtime: { PANDA_HTTP_PORT: 70_000 } } }],
    ['a secret among the plain keys', { config: { database: { DATABASE_URL: 'postgresql://u:p@h/d' } } }],
    ['a variable that no service reads', { services: { gateway: { env: { PANDA_CACHEDIR: '/x' } } } }],
    ['a key that is no secret among the secrets', { secretEnv: { PANDA_LOG_LEVEL: { secret: 'a', key: 'b' } } }],
    ['a field no service has', { services: { gateway: { replica: 3 } } }],
  ])('refuses %s', (_, values) => {
    expect(accepts(values)).toBe(false);
  });
});
