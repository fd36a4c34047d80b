import type { Connection } from '../connection.js';
import { httpFailure, parseJson } from '../envelope.js';
import { ClientError } from '../errors.js';
import type { AuthConfig } from './oidc-identity.js';

/** How users of a community sign in; served without authentication. `connection` must carry no credential. */
export async function fetchAuthConfig(connection: Connection, vo: string): Promise<AuthConfig> {
  const path = `auth/${encodeURIComponent(vo)}_auth_config.json`;
  const reply = await connection.fetch(path);
  if (reply.status === 404) throw new ClientError('PANDA-CLIENT-011', `${connection.baseUrl} knows no community '${vo}'`);
  if (reply.status !== 200) throw httpFailure(reply, path);
  const config = parseJson(reply, path);
  if (isAuthConfig(config)) return config;
  throw new ClientError('PANDA-CLIENT-003', `${path} has no oidc_config_url and client_id`);
}

function isAuthConfig(value: unknown): value is AuthConfig {
  if (typeof value !== 'object' || value === null) return false;
  const { oidc_config_url: url, client_id: id } = value as Partial<AuthConfig>;
  return typeof url === 'string' && URL.canParse(url) && typeof id === 'string';
}
