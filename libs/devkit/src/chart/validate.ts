/** Checks manifests against Kubernetes' own schemas, without a cluster. */
import { Ajv } from 'ajv';
import type { Manifest } from './manifests.js';

interface Model {
  validate(): void;
}
type Models = Record<string, (new (data: unknown) => Model) | undefined>;

const text = { type: 'string' };
const metadata = { type: 'object', required: ['name', 'labels'] };

/** Kinds of operators, as far as the chart uses them: no package holds their schemas for Node 20. */
const CUSTOM: Record<string, object> = {
  'keda.sh/v1alpha1/ScaledObject': spec(['scaleTargetRef', 'triggers'], {
    scaleTargetRef: closed(['name'], { name: text }),
    minReplicaCount: { type: 'integer', minimum: 0 },
    maxReplicaCount: { type: 'integer', minimum: 1 },
    triggers: {
      type: 'array',
      minItems: 1,
      items: closed(['type', 'metadata'], {
        type: text,
        metadata: { type: 'object', additionalProperties: text },
        authenticationRef: closed(['name'], { name: text }),
      }),
    },
  }),
  'keda.sh/v1alpha1/TriggerAuthentication': spec(['secretTargetRef'], {
    secretTargetRef: { type: 'array', items: closed(['parameter', 'name', 'key'], { parameter: text, name: text, key: text }) },
  }),
  'monitoring.coreos.com/v1/PodMonitor': spec(['selector', 'podMetricsEndpoints'], {
    selector: { type: 'object', required: ['matchLabels'] },
    podMetricsEndpoints: { type: 'array', minItems: 1, items: closed(['port'], { port: text, path: text, interval: text }) },
  }),
};

function closed(required: readonly string[], properties: object): object {
  return { type: 'object', required, properties, additionalProperties: false };
}

function spec(required: readonly string[], properties: object): object {
  return closed(['apiVersion', 'kind', 'metadata', 'spec'], {
    apiVersion: text,
    kind: text,
    metadata,
    spec: closed(required, properties),
  });
}

/** Where kubernetes-models keeps the types of an API version; the core group has no name. */
export const modulePath = (apiVersion: string): string => `kubernetes-models/${apiVersion}`;

/** Throws with the path of the first field that breaks the schema; also for a kind that nobody knows. */
export async function validate(manifest: Manifest): Promise<void> {
  const custom = CUSTOM[`${manifest.apiVersion}/${manifest.kind}`];
  if (custom) {
    const ajv = new Ajv();
    if (!ajv.validate(custom, manifest)) throw new Error(ajv.errorsText());
    return;
  }
  const models = (await import(modulePath(manifest.apiVersion))) as Models;
  const Kind = models[manifest.kind];
  if (!Kind) throw new Error(`${manifest.apiVersion} has no kind ${manifest.kind}`);
  new Kind(manifest).validate();
}

/** True for kinds that Kubernetes itself has, whose TypeScript types tell misspelled fields. */
export const isBuiltIn = (manifest: Manifest): boolean => !(`${manifest.apiVersion}/${manifest.kind}` in CUSTOM);

/** A program that compiles only if every field of the manifests is spelled as Kubernetes spells it. */
export function typedProgram(manifests: readonly Manifest[]): string {
  return manifests
    .filter(isBuiltIn)
    .map(
      (manifest, index) =>
        `import type { I${manifest.kind} as Kind${index} } from '${modulePath(manifest.apiVersion)}';\n` +
        `export const manifest${index}: Kind${index} = ${JSON.stringify(manifest, null, 1)};\n`,
    )
    .join('\n');
}
