/** Names of files that clients may store and fetch. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/;

/** Suffix by which a client says that it overwrites its own file. Source: panda-server:pandaserver/api/v1/file_server_api.py@9cc3603. */
export const OVERWRITE_SUFFIX = '.__ow__';

/**
 * The last path component of a name, if it is one we store under; undefined otherwise. Clients send the path as the user typed it, so a
 * path is no fault; one that climbs is (reliability I25).
 */
export function cacheName(given: string): string | undefined {
  const name = lastComponent(given);
  return name !== undefined && NAME.test(name) && !name.includes('..') && !/[. ]$/.test(name) ? name : undefined;
}

/** What a name must be, for whoever is refused. */
export const NAME_RULE =
  "the name of a file has letters, digits and . _ + - only, no '..' in it or its path, and 200 characters at most";

function lastComponent(path: string): string | undefined {
  const components = path.split(/[/\\]/);
  return components.includes('..') ? undefined : components.at(-1);
}

const MIB = 1024 * 1024;

/** Bytes a file may have, by its name. Source: reliability §7.1. */
export function sizeLimit(name: string): number {
  if (name.startsWith('sources.')) return 768 * MIB;
  return /\.(out|log)$/.test(name) || /\.log\./.test(name) ? 100 * MIB : 10 * MIB;
}

export const CHECKPOINT_BYTES_MAX = 500 * MIB;
export const LOG_BYTES_MAX = 100 * MIB;

/** `hpo_cp_<task>_<sub id>`, from `<task>_<sub id>`. */
export function checkpointName(given: string): { taskId: number; name: string } | undefined {
  const match = /^(\d{1,18})_([A-Za-z0-9_-]{1,100})$/.exec(lastComponent(given) ?? '');
  return match ? { taskId: Number(match[1]), name: `hpo_cp_${match[1]}_${match[2]}` } : undefined;
}
