import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { VoAuthConfig } from './auth-config.js';
import { AuthenticationFailure } from './caller.js';
import type { Issuers } from './issuer.js';
import { type Membership, membership, type Origin, type Policies } from './policy.js';

const TOKEN_CHARS_MAX = 8 * 1024;
const LEEWAY_S = 60;
const LIFETIME_S_MAX = 7 * 86_400;
/** Headers by which a token would choose its own key. Source: reliability §8.1 V1. */
const KEY_CHOOSING_HEADERS = ['crit', 'jku', 'x5u', 'jwk', 'x5c'] as const;

export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: JWTPayload;
  readonly membership: Membership;
  readonly config: VoAuthConfig;
  readonly robot: boolean;
  readonly expiresAtS: number;
}

export interface TokenRules {
  readonly configs: readonly VoAuthConfig[];
  readonly policies: Policies;
  readonly algorithms: readonly string[];
  readonly issuers: Issuers;
}

/** Checks V1–V10 of reliability §8.1 in their order. Throws {@link AuthenticationFailure}. */
export async function verifyToken(token: string, origin: Origin, rules: TokenRules): Promise<VerifiedToken> {
  checkForm(token, rules.algorithms);
  const claims = decodeJwt(token);
  const config = clientConfig(claims, origin, rules.configs);
  const payload = await checkSignature(token, config, rules);
  checkTimes(payload);
  if (String(payload.typ ?? '').toLowerCase() === 'refresh')
    throw AuthenticationFailure.token('a refresh token is no credential');
  if (typeof payload.sub !== 'string' || payload.sub === '') throw AuthenticationFailure.token('the token has no subject');
  const robot = isRobot(payload, config);
  const granted = membership(groupsOf(payload, config, robot, origin), origin, rules.policies);
  if (!granted) throw AuthenticationFailure.token(`invalid member in ${JSON.stringify(origin.vo.slice(0, 64))}`);
  return {
    issuer: String(payload.iss),
    subject: payload.sub,
    claims: payload,
    membership: granted,
    config,
    robot,
    expiresAtS: payload.exp as number,
  };
}

/** V1, V2: size, shape, algorithm. Nothing of the content is believed yet. */
function checkForm(token: string, algorithms: readonly string[]): void {
  if (token.length > TOKEN_CHARS_MAX) throw AuthenticationFailure.token('the token is too long');
  if (token.split('.').length !== 3) throw AuthenticationFailure.token('the token is malformed');
  let header: Record<string, unknown>;
  try {
    header = decodeProtectedHeader(token) as Record<string, unknown>;
    decodeJwt(token);
  } catch {
    throw AuthenticationFailure.token('the token is malformed');
  }
  if (KEY_CHOOSING_HEADERS.some((name) => name in header))
    throw AuthenticationFailure.token('the token header is not acceptable');
  if (typeof header.alg !== 'string' || !algorithms.includes(header.alg))
    throw AuthenticationFailure.token('the token algorithm is not acceptable');
  if (typeof header.kid !== 'string' || header.kid === '') throw AuthenticationFailure.token('the token names no key');
}

/** V7, V9: the VO named by Origin must know the client; what is expected comes from configuration, never from the token. */
function clientConfig(claims: JWTPayload, origin: Origin, configs: readonly VoAuthConfig[]): VoAuthConfig {
  const ofVo = configs.filter((config) => config.vo === origin.vo);
  if (ofVo.length === 0) throw AuthenticationFailure.token(`unknown vo : ${JSON.stringify(origin.vo.slice(0, 64))}`);
  const audiences = [claims.aud ?? []].flat();
  const clients = [claims.client_id, claims.azp].filter((id) => typeof id === 'string');
  const found = ofVo.find((config) => {
    const ids = [config.clientId, ...config.robotIds];
    const expected = [...ids, config.audience];
    const forUs =
      audiences.length === 0 ? clients.some((id) => ids.includes(id)) : audiences.some((aud) => expected.includes(aud));
    return (
      forUs && (clients.length === 0 || clients.some((id) => ids.includes(id)) || audiences.some((aud) => ids.includes(aud)))
    );
  });
  if (!found) throw AuthenticationFailure.token('the token was not issued for this server');
  return found;
}

/** V3–V5: issuer exact, key of that issuer, signature. */
async function checkSignature(token: string, config: VoAuthConfig, { issuers, algorithms }: TokenRules): Promise<JWTPayload> {
  const { issuer, getKey } = await issuers.keysOf(config.oidcConfigUrl).catch(() => {
    throw AuthenticationFailure.token('the identity provider cannot be reached');
  });
  const bare = issuer.replace(/\/$/, '');
  try {
    const { payload } = await jwtVerify(token, getKey, {
      issuer: [bare, `${bare}/`, ...config.legacyIssuers],
      algorithms: [...algorithms],
      clockTolerance: LEEWAY_S,
    });
    return payload;
  } catch (error) {
    throw AuthenticationFailure.token(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the claim ${JSON.stringify(error.claim)} is not acceptable`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'the key of the token is unknown';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature is wrong';
  return 'the token cannot be verified';
}

/** V6: an expiry, no issue time in the future, no eternal tokens. `jwtVerify` has compared `exp` and `nbf` with the clock. */
function checkTimes({ exp, iat }: JWTPayload): void {
  if (typeof exp !== 'number') throw AuthenticationFailure.token('the token has no expiry');
  const now = Date.now() / 1_000;
  if (typeof iat === 'number' && iat > now + LEEWAY_S) throw AuthenticationFailure.token('the token was issued in the future');
  const begin = typeof iat === 'number' ? iat : now;
  if (exp - begin > LIFETIME_S_MAX) throw AuthenticationFailure.token('the token lives too long');
}

function isRobot(claims: JWTPayload, { robotIds }: VoAuthConfig): boolean {
  return [claims.sub, claims.client_id, claims.azp].some((id) => typeof id === 'string' && robotIds.includes(id));
}

/** V9, V10: the groups claim of the profile; robots without groups get the VO and the role they ask for, when it is one of a machine. */
function groupsOf(claims: JWTPayload, config: VoAuthConfig, robot: boolean, origin: Origin): string[] {
  const claim = config.jwtProfile === 'wlcg' ? claims['wlcg.groups'] : claims.groups;
  const groups = Array.isArray(claim) ? claim.filter((group): group is string => typeof group === 'string') : [];
  if (groups.length > 0 || !robot) return groups;
  const role = origin.role !== null && MACHINE_ROLES.includes(origin.role) ? [`${config.vo}/${origin.role}`] : [];
  return [config.vo, ...role];
}

const MACHINE_ROLES: readonly string[] = ['pilot', 'harvester'];
