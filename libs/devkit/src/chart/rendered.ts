/** Shortcuts into rendered manifests, for the chart's tests. */
import type { Manifest } from './manifests.js';

export interface Container {
  name: string;
  image: string;
  command: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  envFrom?: { configMapRef: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  resources: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext: Record<string, unknown>;
  volumeMounts: { name: string; mountPath: string }[];
  [probe: string]: unknown;
}

export interface Pod {
  owner: string;
  labels: Record<string, string>;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  terminationGracePeriodSeconds?: number;
  securityContext: Record<string, unknown>;
  containers: Container[];
  volumes: {
    name: string;
    configMap?: { name: string };
    secret?: { secretName: string };
    persistentVolumeClaim?: { claimName: string };
  }[];
}

interface Template {
  metadata: { labels: Record<string, string> };
  spec: Omit<Pod, 'owner' | 'labels'>;
}

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] => manifests.filter((one) => one.kind === kind);

/** The manifest of a kind and name; throws when the chart did not render it. */
export function one(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found)
    throw new Error(`no ${kind}/${name} among ${manifests.map((each) => `${each.kind}/${each.metadata.name}`).join(', ')}`);
  return found;
}

/** The pods that deployments and jobs start. */
export function pods(manifests: readonly Manifest[]): Pod[] {
  return [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')].map((manifest) => {
    const { template } = manifest.spec as { template: Template };
    return { owner: `${manifest.kind}/${manifest.metadata.name}`, labels: template.metadata.labels, ...template.spec };
  });
}

/** The pod of one service. */
export function podOf(manifests: readonly Manifest[], service: string): Pod {
  const found = pods(manifests).find((pod) => pod.labels['app.kubernetes.io/component'] === service);
  if (!found) throw new Error(`no pod of ${service}`);
  return found;
}
