import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterPayload } from 'oidc-provider';

const ENTRIES_MAX = 10_000;
const entries = new LRUCache<string, AdapterPayload>({ max: ENTRIES_MAX });

/**
 * Sessions, device codes and refresh tokens of the provider, in memory: a box has one process, and after a restart a
 * program that held a refresh token simply starts the device flow again. Issued tokens stay valid, their key is kept on disk.
 */
export class StateStore implements Adapter {
  constructor(private readonly model: string) {}

  async upsert(id: string, payload: AdapterPayload, expiresInS: number): Promise<void> {
    entries.set(this.key(id), payload, { ttl: expiresInS * 1_000 });
    for (const alias of [payload.userCode, payload.uid]) {
      if (alias) entries.set(this.key(`alias:${alias}`), { jti: id }, { ttl: expiresInS * 1_000 });
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return entries.get(this.key(id));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.byAlias(userCode);
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.byAlias(uid);
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
  }

  async destroy(id: string): Promise<void> {
    entries.delete(this.key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, payload] of entries.entries()) {
      if (payload.grantId === grantId) entries.delete(key);
    }
  }

  private async byAlias(alias: string): Promise<AdapterPayload | undefined> {
    const target = entries.get(this.key(`alias:${alias}`))?.jti;
    return target ? this.find(target) : undefined;
  }

  private key(id: string): string {
    return `${this.model}:${id}`;
  }
}
