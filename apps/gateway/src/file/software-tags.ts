import { isObject } from '@panda/contracts';

type Tag = { readonly [key: string]: unknown };

/** Tags of a queue as CRIC reports them: JSON text of a list, or of an object that holds it under `tags`. */
function tagsOf(data: string | null): Tag[] {
  if (data === null) return [];
  try {
    const value: unknown = JSON.parse(data);
    const list = Array.isArray(value) ? value : isObject(value) && Array.isArray(value.tags) ? value.tags : [];
    return list.filter(isObject);
  } catch {
    return []; // a damaged row of one queue must not hide the tags of the others
  }
}

export function projectsOf(data: string | null): string[] {
  return tagsOf(data).flatMap(({ project }) => (typeof project === 'string' && project !== '' ? [project] : []));
}

/** Platforms on which a release (`Atlas-21.6.80`, or all) is installed. */
export function platformsOf(data: string | null, release: string | null): string[] {
  const version = release?.replace(/^Atlas-/, '') ?? null;
  return tagsOf(data)
    .filter((tag) => version === null || version === '' || tag.sw_release === version || tag.release === version)
    .flatMap(({ cmtconfig }) => (typeof cmtconfig === 'string' && cmtconfig !== '' ? [cmtconfig] : []));
}
