import type { Connection } from '../connection.js';
import { dataOf } from '../envelope.js';
import { ClientError } from '../errors.js';
import { asFields } from './shape.js';

/** Longest value in bytes. panda-client:pandaclient/PBookCore.py@749e856 */
export const SECRET_MAX_BYTES = 1_000 * 1_024;

/** The caller's secrets. Spec: User secrets. */
export class SecretCalls {
  constructor(private readonly connection: Connection) {}

  async set(key: string, value: string): Promise<void> {
    if (Buffer.byteLength(value) > SECRET_MAX_BYTES) {
      const message = `the value of secret '${key}' exceeds ${SECRET_MAX_BYTES} bytes`;
      throw new ClientError('PANDA-CLIENT-007', message, { hint: 'Keep large things in a file or dataset.' });
    }
    await this.write(key, value);
  }

  delete(key: string): Promise<void> {
    return this.write(key, null);
  }

  deleteAll(): Promise<void> {
    return this.write(null, null);
  }

  async list(): Promise<Record<string, string>> {
    const data = dataOf(await this.connection.get('creds/get_user_secrets'), 'creds/get_user_secrets');
    // The data is JSON text; empty text or null stand for no secrets in the classic answer.
    const secrets = asFields(typeof data === 'string' && data !== '' ? parsed(data) : {}, 'creds/get_user_secrets');
    return Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, String(value)]));
  }

  private async write(key: string | null, value: string | null): Promise<void> {
    const path = 'creds/set_user_secrets';
    dataOf(await this.connection.post(path, { key, value }, true), path);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClientError('PANDA-CLIENT-003', 'creds/get_user_secrets: the secrets are not JSON', { cause });
  }
}
