import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/** A person who may sign in at the box. Groups are `<vo>` and `<vo>/<role>`, as the policies of the gateway read them. */
export interface Account {
  readonly nickname: string;
  readonly name: string;
  readonly password: string;
  readonly groups: readonly string[];
}

/** Reads the accounts of this box; the first start makes one for the operating system's user, who is also its operator. */
export async function loadAccounts(file: string, vo: string): Promise<Account[]> {
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Account[];
  const accounts = [firstAccount(vo)];
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  return accounts;
}

export function findByPassword(accounts: readonly Account[], nickname: string, password: string): Account | undefined {
  const account = accounts.find((candidate) => candidate.nickname === nickname);
  return account && equal(account.password, password) ? account : undefined;
}

function firstAccount(vo: string): Account {
  const login =
    userInfo()
      .username.toLowerCase()
      .replace(/[^a-z0-9]/g, '') || 'user';
  const name = `${login.charAt(0).toUpperCase()}${login.slice(1)} Panda`;
  return { nickname: login, name, password: randomBytes(9).toString('base64url'), groups: [vo, `${vo}/production`] };
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
