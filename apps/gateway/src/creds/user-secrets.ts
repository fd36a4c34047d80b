import { Inject, Injectable } from '@nestjs/common';
import { isObject } from '@panda/contracts';
import { AccountRepository } from '@panda/database';
import { Audit } from '../audit/audit.js';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { type Call, identityOf } from '../http/call.js';
import { SecretBox } from './secret-box.js';

/** Files travel as base64 under keys with this prefix. Source: panda-client:pandaclient/PBookCore.py@749e856. */
const FILE_PREFIX = '___file___:';
const KEY_BYTES_MAX = 200;
const VALUE_BYTES_MAX = 64 * 1024;
/** A file of 1 MiB as base64. */
const FILE_BYTES_MAX = 1_400 * 1024;
const KEYS_MAX = 100;

type Secrets = Record<string, string>;

/** Named secrets of users. Values never leave this class but to their owner, and to pilots of the owner's jobs. */
@Injectable()
export class UserSecrets {
  private readonly box: SecretBox | null;
  private readonly clear: boolean;

  constructor(
    private readonly accounts: AccountRepository,
    private readonly audit: Audit,
    @Inject(gatewayKeys.token) config: GatewayConfig,
  ) {
    this.clear = config.secretsEncryption === 'off';
    this.box = config.secretsKey === undefined ? null : new SecretBox(Buffer.from(config.secretsKey, 'base64'));
  }

  /** Sets one, deletes one (no value) or deletes all (no key). Returns why not, or null. */
  set(key: string | null, value: string | null, call: Call): Promise<string | null> {
    const owner = ownerOf(identityOf(call).userName);
    return this.accounts.transaction(async (tx) => {
      const stored = this.read(owner, await this.accounts.lockSecrets(tx, owner));
      const next = changed(stored, key, value);
      if (typeof next === 'string') return next;
      if (this.box === null && !this.clear) return 'this server has no key to store secrets with';
      const empty = Object.keys(next).length === 0;
      await this.accounts.writeSecrets(tx, owner, empty ? null : this.written(owner, next));
      const summary = { key, deleted: value === null };
      await this.audit.record(tx, call, {
        method: 'creds.set_user_secrets',
        object: `secrets:${owner}`,
        outcome: 'accepted',
        summary,
      });
      return null;
    });
  }

  async get(userName: string, keys: readonly string[] | null): Promise<Secrets> {
    const owner = ownerOf(userName);
    const secrets = this.read(owner, await this.accounts.secrets(owner));
    if (keys === null || keys.length === 0) return secrets;
    return Object.fromEntries(Object.entries(secrets).filter(([key]) => keys.includes(key)));
  }

  private read(owner: string, data: string | null): Secrets {
    if (data === null) return Object.create(null) as Secrets;
    const text = SecretBox.isSealed(data) ? this.opened(owner, data) : data;
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) throw new TypeError('the stored secrets are no object');
    return Object.assign(Object.create(null), value) as Secrets;
  }

  private opened(owner: string, data: string): string {
    if (this.box === null) throw new Error('the secrets are sealed and this server has no key');
    return this.box.open(owner, data);
  }

  private written(owner: string, secrets: Secrets): string {
    const text = JSON.stringify(secrets);
    return this.box === null || this.clear ? text : this.box.seal(owner, text);
  }
}

/** Width of the owner column. */
function ownerOf(userName: string): string {
  return userName.slice(0, 60);
}

function changed(stored: Secrets, key: string | null, value: string | null): Secrets | string {
  if (key === null || key === '') return Object.create(null) as Secrets;
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) return `the key is longer than ${KEY_BYTES_MAX} bytes`;
  const next = Object.assign(Object.create(null), stored) as Secrets;
  if (value === null) {
    delete next[key];
    return next;
  }
  const limit = key.startsWith(FILE_PREFIX) ? FILE_BYTES_MAX : VALUE_BYTES_MAX;
  if (Buffer.byteLength(value) > limit) return `the value is longer than ${limit} bytes`;
  if (!(key in next) && Object.keys(next).length >= KEYS_MAX) return `there are ${KEYS_MAX} secrets already`;
  next[key] = value;
  return next;
}
