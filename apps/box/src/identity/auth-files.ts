import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROBOT_CLIENT_ID, USER_CLIENT_ID } from './clients.js';

/** Tells the gateway which tokens to believe: people's by the VO's configuration, pilots' by that of the role. */
export async function writeAuthFiles(
  dir: string,
  { vo, issuer, audience }: { vo: string; issuer: string; audience: string },
): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const common = { vo, audience, client_secret: '', oidc_config_url: `${issuer}/.well-known/openid-configuration` };
  const files = {
    [`${vo}_auth_config.json`]: { ...common, client_id: USER_CLIENT_ID },
    [`${vo}.pilot_auth_config.json`]: { ...common, client_id: ROBOT_CLIENT_ID },
  };
  for (const [name, config] of Object.entries(files)) {
    await writeFile(join(dir, name), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  }
}
