import { allKeys, type KeySchema } from '@panda/config';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const count: Schema = { type: 'integer', minimum: 0 };
const port: Schema = { type: 'integer', minimum: 1, maximum: 65535 };
const texts: Schema = { type: 'array', items: text };
const anyMap: Schema = { type: 'object' };
const textMap: Schema = { type: 'object', additionalProperties: text };
const anyList: Schema = { type: 'array' };

const closed = (properties: Record<string, Schema>): Schema => ({ type: 'object', additionalProperties: false, properties });

/** A value of `config` is written as its key's type, or as the text an operator would put into the environment. */
function valueSchema(schema: KeySchema, doc: string): Schema {
  const { pattern: _pattern, format: _format, ...limits } = schema;
  if (schema.type === 'string') return { ...limits, description: doc };
  return { description: doc, anyOf: [limits, text] };
}

/** One property per component, one per key of it; keys that are secret belong into secretEnv. */
function configSchema(): Schema {
  const sections: Record<string, Record<string, Schema>> = {};
  for (const { component, key } of allKeys()) {
    if (key.secret) continue;
    sections[component] = { ...sections[component], [key.env]: valueSchema(key.schema, key.doc) };
  }
  return closed(Object.fromEntries(Object.entries(sections).map(([component, keys]) => [component, closed(keys)])));
}

/** Variables that are not ours: those of Node and of the OpenTelemetry SDK. */
const FOREIGN = '^(NODE|OTEL)_[A-Z0-9_]+$';

/** Names a service may be given; called when all keys are declared. */
const plainNames = (): Schema => ({ anyOf: [{ enum: allKeys().map(({ key }) => key.env) }, { pattern: FOREIGN }] });
const secretNames = (): Schema => ({
  enum: allKeys()
    .filter(({ key }) => key.secret)
    .map(({ key }) => key.env),
});

const needs = closed({ database: flag, bus: flag, storage: flag, outside: flag, gateway: flag });
const scaling = closed({
  kind: { enum: ['none', 'hpa', 'keda'] },
  min: count,
  max: count,
  cpuPercent: { type: 'integer', minimum: 1, maximum: 100 },
  queueLength: { type: 'integer', minimum: 1 },
  topics: texts,
});
const service = (): Schema =>
  closed({
    enabled: flag,
    replicas: count,
    http: flag,
    needs,
    scaling,
    env: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] }, propertyNames: plainNames() },
    secretMounts: { type: 'array', items: { ...closed({ secret: text, path: text }), required: ['secret', 'path'] } },
    resources: anyMap,
    terminationGracePeriodSeconds: count,
    podAnnotations: textMap,
    nodeSelector: textMap,
    tolerations: anyList,
    affinity: anyMap,
  });

/** helm/panda/values.schema.json: a misspelled value is refused before anything is installed. */
export function valuesSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the panda chart',
    ...closed({
      autoStart: flag,
      image: closed({
        repository: text,
        tag: text,
        pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
        pullSecrets: { type: 'array', items: closed({ name: text }) },
      }),
      database: closed({ existingSecret: text, secretKey: text, port }),
      bus: closed({ kind: { enum: ['rabbitmq', 'postgres'] }, existingSecret: text, secretKey: text, port }),
      serverUrl: text,
      config: configSchema(),
      secretEnv: {
        type: 'object',
        additionalProperties: { ...closed({ secret: text, key: text }), required: ['secret', 'key'] },
        propertyNames: secretNames(),
      },
      files: {
        type: 'object',
        additionalProperties: { type: ['string', 'object', 'array'] },
        propertyNames: { pattern: '^[-._a-zA-Z0-9]+$' },
      },
      certificates: closed({ existingSecret: text }),
      storage: closed({ enabled: flag, existingClaim: text, storageClassName: text, accessMode: text, size: text }),
      serviceAccount: closed({ annotations: textMap }),
      migrate: closed({ enabled: flag, activeDeadlineSeconds: count, resources: anyMap }),
      ingress: closed({ enabled: flag, className: text, annotations: textMap, host: text, tlsSecret: text }),
      networkPolicy: closed({ enabled: flag, gatewayFrom: anyList, metricsFrom: anyList }),
      podMonitor: closed({ enabled: flag, interval: text, labels: textMap }),
      defaults: service(),
      services: { type: 'object', additionalProperties: service() },
      global: anyMap,
      'panda-common': anyMap,
    }),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
