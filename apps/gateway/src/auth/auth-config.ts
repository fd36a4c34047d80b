import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '@panda/contracts';

/** `<vo>_auth_config.json`. Spec: Identity and access management; the last four keys are optional. */
export interface VoAuthConfig {
  readonly vo: string;
  readonly audience: string;
  readonly clientId: string;
  readonly oidcConfigUrl: string;
  /** Clients and subjects of programs: pilots, Harvester. Their groups may be implied. */
  readonly robotIds: readonly string[];
  /** Roles every member has without asking. */
  readonly autoRoles: readonly string[];
  /** `wlcg`: groups are in the claim `wlcg.groups`. */
  readonly jwtProfile: string | null;
  /** Issuers this VO was known under before it moved. */
  readonly legacyIssuers: readonly string[];
}

const FILE = /^([A-Za-z0-9_.-]{1,64})_auth_config\.json$/;

/** A file of the directory, and what clients may read of it. */
export interface AuthConfigFile {
  readonly config: VoAuthConfig;
  /** Body of `GET /auth/<vo>_auth_config.json`: the keys clients use, and no other. */
  readonly published: string;
}

const PUBLISHED_KEYS = ['audience', 'client_id', 'client_secret', 'oidc_config_url', 'vo', 'jwt_profile'] as const;

/** All VOs of a directory, by file name. Throws when a file lacks a key: a service must not start half configured. */
export function readAuthConfigs(directory: string | undefined): Map<string, AuthConfigFile> {
  if (directory === undefined) return new Map();
  const names = readdirSync(directory).filter((name) => FILE.test(name));
  return new Map(names.map((name) => [name, parseAuthConfig(name, readFileSync(join(directory, name), 'utf8'))]));
}

export function parseAuthConfig(name: string, text: string): AuthConfigFile {
  const file: unknown = JSON.parse(text);
  if (!isObject(file)) throw new TypeError(`${name} must be a JSON object`);
  const need = (key: string): string => {
    const value = file[key];
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name} lacks the key ${key}`);
    return value;
  };
  const texts = (key: string): string[] => (Array.isArray(file[key]) ? (file[key] as unknown[]).map(String) : []);
  const config: VoAuthConfig = {
    vo: typeof file.vo === 'string' ? file.vo : (FILE.exec(name)?.[1] ?? ''),
    audience: need('audience'),
    clientId: need('client_id'),
    oidcConfigUrl: need('oidc_config_url'),
    robotIds: texts('robot_ids'),
    autoRoles: texts('auto_roles'),
    jwtProfile: typeof file.jwt_profile === 'string' ? file.jwt_profile : null,
    legacyIssuers: texts('legacy_token_issuers'),
  };
  const published = Object.fromEntries(PUBLISHED_KEYS.filter((key) => file[key] !== undefined).map((key) => [key, file[key]]));
  return { config, published: JSON.stringify({ client_secret: '', vo: config.vo, ...published }) };
}
