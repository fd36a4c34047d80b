import { readFileSync } from 'node:fs';
import { isObject } from '@panda/contracts';

/** One line of a VO's policy: members of a token group get a working group and a role. */
export interface PolicyEntry {
  readonly member: string;
  readonly group: string;
  readonly role: string;
}

/** VO → entries in order; the first that matches decides. Spec: Identity and access management › auth_policies. */
export type Policies = ReadonlyMap<string, readonly PolicyEntry[]>;

/** Without a policy file a VO admits its members: `<vo>` in the groups gives a plain user. */
export function defaultPolicy(vo: string): readonly PolicyEntry[] {
  return [{ member: vo, group: 'user', role: '' }];
}

/** Reads `{"<vo>": [["<string in the groups>", {"group": …, "role": …}], …]}`. Throws on any other shape. */
export function parsePolicies(text: string): Policies {
  const file: unknown = JSON.parse(text);
  if (!isObject(file)) throw new TypeError('the policy file must be a JSON object of VOs');
  return new Map(
    Object.entries(file).map(([vo, entries]) => {
      if (!Array.isArray(entries)) throw new TypeError(`the policy of VO '${vo}' must be a list`);
      return [vo, entries.map((entry: unknown) => parseEntry(vo, entry))];
    }),
  );
}

function parseEntry(vo: string, entry: unknown): PolicyEntry {
  const [member, grants] = Array.isArray(entry) ? (entry as unknown[]) : [];
  if (typeof member !== 'string' || !isObject(grants))
    throw new TypeError(`the policy of VO '${vo}' has an entry that is not [member, {group, role}]`);
  return { member, group: String(grants.group ?? ''), role: String(grants.role ?? '') };
}

export function readPolicies(path: string | undefined): Policies {
  return path === undefined ? new Map() : parsePolicies(readFileSync(path, 'utf8'));
}

/** Group names are written with or without a leading slash by different providers. */
function isMember(groups: readonly string[], name: string): boolean {
  return groups.includes(name) || groups.includes(`/${name}`);
}

export interface Membership {
  readonly vo: string;
  readonly role: string;
  readonly group: string | null;
}

export interface Origin {
  readonly vo: string;
  readonly role: string | null;
}

/** `vo`, `vo:role` or `vo.role`; names that start with `vo.` are split at the colon only. */
export function parseOrigin(origin: string): Origin {
  const separator = origin.startsWith('vo.') ? ':' : /[:.]/;
  const at = origin.search(separator);
  return at < 0 ? { vo: origin, role: null } : { vo: origin.slice(0, at), role: origin.slice(at + 1) };
}

/**
 * What the groups of a token grant in a VO: the role asked for must be a group `<vo>/<role>`; without one the first policy entry
 * decides. Undefined: no membership. Source: panda-server:pandaserver/srvcore/oidc_utils.py@9cc3603.
 */
export function membership(groups: readonly string[], origin: Origin, policies: Policies): Membership | undefined {
  if (origin.role !== null) {
    return isMember(groups, `${origin.vo}/${origin.role}`) ? { vo: origin.vo, role: origin.role, group: null } : undefined;
  }
  const entries = policies.get(origin.vo) ?? defaultPolicy(origin.vo);
  const found = entries.find((entry) => isMember(groups, entry.member));
  return found && { vo: origin.vo, role: found.role, group: found.group || null };
}
