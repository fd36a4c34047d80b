import type { Role } from '@panda/contracts';

/** Who asks. Decisions use `principal`; rows of the classic tables carry `userName`. */
export interface Identity {
  /** `(issuer, sub)` as one text, or the subject of the end-entity certificate. */
  readonly principal: string;
  readonly userName: string;
  /** The `name` of the token as issued, or the distinguished name: what upstream calls the DN. */
  readonly subject: string;
  readonly nickname: string | null;
  readonly vo: string;
  readonly roles: ReadonlySet<Role>;
  /** Working group in which the caller holds the production role, if any. */
  readonly workingGroup: string | null;
  /** Attributes such as `/wlcg/Role=production`, as upstream shows them. */
  readonly fqans: readonly string[];
  /** Verified address of the token, for mail about tasks. */
  readonly email?: string;
  readonly via: 'token' | 'certificate' | 'development';
}

/** Null: nobody in particular. */
export type Caller = Identity | null;

export function hasRole(caller: Caller, ...roles: readonly Role[]): boolean {
  return caller !== null && roles.some((role) => caller.roles.has(role));
}

/** The token, certificate or user is refused: HTTP 403 with this text (reliability §7.2). */
export class AuthenticationFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AuthenticationFailure';
  }

  static token(reason: string): AuthenticationFailure {
    return new AuthenticationFailure(`Token authentication failed. ${reason}`);
  }
}
