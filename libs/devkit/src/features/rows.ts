/** The checkable rows of the PanDA specification: docs/reference/features.tsv, one line per row. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../repository/root.js';

export interface FeatureRow {
  /** `<group>-<number>`, stable, never reused. */
  id: string;
  group: string;
  /** `information`: the specification states a fact that asks nothing of a program. */
  kind: 'check' | 'information';
  feature: string;
}

/** Parses the table; throws on a line that is not a row, or on a repeated ID. */
export function parseRows(text: string): FeatureRow[] {
  const seen = new Set<string>();
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line, index) => {
      const [id, group, kind, feature, ...rest] = line.split('\t');
      if (!id || !group || !feature || rest.length > 0 || (kind !== 'check' && kind !== 'information')) {
        throw new Error(`features.tsv line ${index + 2} is not "id, group, check|information, feature": ${line}`);
      }
      if (!id.startsWith(`${group}-`)) throw new Error(`features.tsv line ${index + 2}: ${id} is not of group ${group}`);
      if (seen.has(id)) throw new Error(`features.tsv line ${index + 2}: ${id} is there twice`);
      seen.add(id);
      return { id, group, kind, feature };
    });
}

export function featureRows(): FeatureRow[] {
  return parseRows(readFileSync(join(root, 'docs/reference/features.tsv'), 'utf8'));
}
