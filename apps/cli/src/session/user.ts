import { ClientError, claimsOf } from '@panda/client';
import type { CliConfig } from '../cli.config.js';
import { UsageError } from '../terminal/failure.js';
import type { Session } from './session.js';

/** The user as the credential names them. */
export interface User {
  readonly name: string | undefined;
  /** Output datasets are `user.<nickname>.*`. */
  readonly nickname: string;
  readonly groups: readonly string[];
  /** Groups in which the user has the production role. */
  readonly productionGroups: readonly string[];
  readonly expiresAt: Date | undefined;
}

/** Throws when there is no credential with a nickname. Client API §2.1 */
export async function currentUser(session: Session): Promise<User> {
  const token = await session.token?.token();
  if (token === undefined) return certificateUser(session.config);
  const claims = claimsOf(token);
  if (claims?.preferredUsername === undefined) {
    throw new ClientError('PANDA-CLIENT-005', 'the token names no user (claim preferred_username)');
  }
  return {
    name: claims.name,
    nickname: replaced(claims.preferredUsername, session.config.nicknameReplace),
    groups: claims.groups,
    productionGroups: productionGroups(claims.groups, session.config.productionRole),
    expiresAt: claims.expiresAt,
  };
}

function certificateUser({ auth, nickname }: CliConfig): User {
  if (auth !== 'x509_no_grid') throw new ClientError('PANDA-CLIENT-005', 'you are not signed in');
  if (nickname === undefined) throw new UsageError('PANDA_AUTH=x509_no_grid needs PANDA_NICKNAME');
  return { name: undefined, nickname, groups: [], productionGroups: [], expiresAt: undefined };
}

/** Groups are `<vo>/<role>`, with exactly one slash. */
export function productionGroups(groups: readonly string[], role: string): string[] {
  return groups
    .map((group) => group.split('/'))
    .flatMap(([vo, name, ...more]) => (vo && name === role && more.length === 0 ? [vo] : []));
}

/** `<sep>regular expression<sep>replacement<sep>` applied to a nickname. */
export function replaced(nickname: string, rule: string | undefined): string {
  if (rule === undefined) return nickname;
  const [, pattern, replacement] = rule.split(rule[0] ?? '');
  if (pattern === undefined || replacement === undefined)
    throw new UsageError(`PANDA_NICKNAME_REPLACE is no /pattern/replacement/: ${rule}`);
  try {
    return nickname.replace(new RegExp(pattern, 'g'), () => replacement);
  } catch {
    throw new UsageError(`PANDA_NICKNAME_REPLACE: '${pattern}' is no regular expression`);
  }
}
