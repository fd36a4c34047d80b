import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where a box keeps its things; all below one folder, so that removing the folder removes the box. */
export interface Layout {
  readonly root: string;
  readonly postgres: string;
  readonly identity: string;
  /** Key that user secrets are stored under. */
  readonly secretsKey: string;
  /** Storage endpoint of the site LOCAL. */
  readonly storage: string;
  /** Uploaded sandboxes. */
  readonly cache: string;
  /** Auth configurations and policies that the gateway reads. */
  readonly auth: string;
  readonly harvester: string;
  readonly logs: string;
  /** Process ids and ports of the box that runs here. */
  readonly state: string;
  readonly demo: string;
  /** Tasks of the demonstration that was completed here. */
  readonly demonstrated: string;
}

export function layoutOf(root: string): Layout {
  const at = (name: string) => join(root, name);
  return {
    root,
    postgres: at('postgres'),
    identity: at('identity'),
    secretsKey: at('identity/user-secrets-key'),
    storage: at('storage'),
    cache: at('cache'),
    auth: at('auth'),
    harvester: at('harvester'),
    logs: at('logs'),
    state: at('state.json'),
    demo: at('demo'),
    demonstrated: at('demo/done.json'),
  };
}

/** Where the database goes when its server user cannot enter the box's folder (a checkout below a private home, run as root). */
export function fallbackPostgresDir(root: string): string {
  return `/var/tmp/panda-fleet-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
}
