/** The values the chart is checked with, and the rendering each is expected to give. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../repository/root.js';
import { type Manifest, parseManifests } from './manifests.js';
import type { Renderer } from './renderer.js';

export const CHART = join(root, 'helm/panda');
export const GOLDEN = join(CHART, 'ci/golden');
/** What the examples' cluster has besides Kubernetes itself. */
const CLUSTER_APIS = ['monitoring.coreos.com/v1', 'keda.sh/v1alpha1'];

export const examples = (): string[] =>
  readdirSync(join(CHART, 'ci'))
    .filter((file) => file.endsWith('-values.yaml'))
    .map((file) => file.slice(0, -'-values.yaml'.length))
    .sort();

export const valuesOf = (example: string): string => join(CHART, 'ci', `${example}-values.yaml`);
export const goldenOf = (example: string): string => join(GOLDEN, `${example}.yaml`);

/** Manifests of an example, with further `--set` assignments. */
export function renderExample(renderer: Renderer, example: string, set: readonly string[] = []): Manifest[] {
  return parseManifests(renderer.render(CHART, { valueFiles: [valuesOf(example)], set, apiVersions: CLUSTER_APIS }));
}
