/** Rendered manifests as data, in an order and spelling that do not depend on who rendered them. */
import { parseAllDocuments, stringify } from 'yaml';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

const nameOf = (manifest: Manifest): string => `${manifest.kind}/${manifest.metadata.name}`;

/** Parses what a renderer printed; throws on YAML that is not valid, and on two manifests of one name. */
export function parseManifests(text: string): Manifest[] {
  const manifests = parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${document.errors[0]?.message}\n${document.toString({})}`);
    const value = document.toJS() as Manifest | null;
    return value ? [value] : [];
  });
  const names = manifests.map(nameOf);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`rendered twice: ${twice.join(', ')}`);
  return manifests.sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'));
}

/** Text to compare and to commit: keys sorted, one document after the other. */
export function normalised(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => `---\n${stringify(manifest, { sortMapEntries: true, lineWidth: 0 })}`).join('');
}
