/** What a client reads of its own ID token. The server verifies; here nothing is trusted with it but display and naming. */
export interface TokenClaims {
  /** Shown as user name. */
  readonly name?: string;
  /** The nickname: output datasets are `user.<nickname>.*`. */
  readonly preferredUsername?: string;
  readonly groups: readonly string[];
  readonly issuer?: string;
  readonly subject?: string;
  /** Undefined for a token that does not say. */
  readonly expiresAt?: Date;
}

/** Undefined when the text is no JSON web token. */
export function claimsOf(token: string): TokenClaims | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    return readClaims(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    // Not base64, not JSON: an opaque token, which is a legitimate thing to hold.
    return undefined;
  }
}

function readClaims(value: unknown): TokenClaims | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const claims = value as Record<string, unknown>;
  const groups = claims.groups ?? claims['wlcg.groups'];
  return {
    name: textOf(claims.name),
    preferredUsername: textOf(claims.preferred_username),
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
    issuer: textOf(claims.iss),
    subject: textOf(claims.sub),
    expiresAt: typeof claims.exp === 'number' ? new Date(claims.exp * 1_000) : undefined,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
