import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { operations } from '@panda/contracts';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';

type Found<T> = operations.Credential<T>;

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Credentials that operators lay out as files, mounted from their secret store: tokens, token keys, proxies, object-store keys. */
@Injectable()
export class PilotCredentials {
  constructor(@Inject(gatewayKeys.token) private readonly config: GatewayConfig) {}

  proxy(role: string | null): Promise<Found<string>> {
    return this.file(this.config.proxyDir, `${roleName(role)}.pem`, 'proxy not found');
  }

  async keyPair(publicKeyName: string, privateKeyName: string): Promise<Found<{ publicKey: string; privateKey: string }>> {
    const missing = 'key not found';
    const [publicKey, privateKey] = await Promise.all([
      this.file(this.config.proxyDir, publicKeyName, missing),
      this.file(this.config.proxyDir, privateKeyName, missing),
    ]);
    if (!publicKey.found || !privateKey.found) return { found: false, reason: missing };
    return { found: true, value: { publicKey: publicKey.value, privateKey: privateKey.value } };
  }

  /** A fresh token for a pilot that knows the key of its client. The comparison takes the same time for any wrong key. */
  async accessToken(clientName: string, tokenKey: string): Promise<Found<string>> {
    const key = await this.tokenKey(clientName);
    if (!key.found || !same(key.value, tokenKey)) return { found: false, reason: 'invalid token key' };
    return this.file(this.config.accessTokenDir, `${clientName}.token`, 'token not found');
  }

  tokenKey(clientName: string): Promise<Found<string>> {
    return this.file(this.config.accessTokenDir, `${clientName}.key`, 'token key not found');
  }

  private async file(directory: string | undefined, name: string, missing: string): Promise<Found<string>> {
    if (directory === undefined || !NAME.test(name) || name.includes('..')) return { found: false, reason: missing };
    try {
      return { found: true, value: (await readFile(join(directory, name), 'utf8')).trim() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { found: false, reason: missing };
      throw error;
    }
  }
}

/** `/atlas/Role=pilot` and `pilot` name the same file; no role is the default proxy. */
function roleName(role: string | null): string {
  return (role ?? 'default').replace(/^.*Role=/, '');
}

function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left as Buffer, right as Buffer);
}
