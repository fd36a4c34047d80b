import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '@panda/contracts';
import { LRUCache } from 'lru-cache';
import { AuthenticationFailure, type Caller, type Identity } from './caller.js';
import { slashSubject } from './distinguished-name.js';
import { type Origin, parseOrigin } from './policy.js';
import { type TokenRules, type VerifiedToken, verifyToken } from './token-verifier.js';
import { accountOf, endEntitySubject, isLimitedProxy, titleCase, userNameOf } from './user-name.js';

/** What of a request says who sends it. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  /** Set by the ingress: its secret, the verified subject and the verification result. */
  readonly ingress: string | undefined;
  readonly certificateSubject: string | undefined;
  readonly certificateVerified: string | undefined;
  readonly address: string;
}

export interface CertificateRules {
  /** Without it no forwarded certificate is believed. Source: reliability §8.2. */
  readonly ingressSecret: string | undefined;
  readonly vo: string;
  readonly productionSubjects: readonly string[];
  readonly pilotSubjects: readonly string[];
}

export interface AuthenticatorSettings {
  readonly tokens: TokenRules;
  readonly certificates: CertificateRules;
  /** User name of callers without credentials on this machine; absent outside development. */
  readonly developmentUser: string | undefined;
}

const POSITIVE_MS_MAX = 10 * 60_000;
const NEGATIVE_MS = 30_000;
const DECISIONS_MAX = 10_000;

type Decision = { readonly identity: Identity } | { readonly refused: string };

/** Turns credentials into an identity; decisions are cached by the hash of everything that decided. */
export class Authenticator {
  private readonly decisions = new LRUCache<string, Decision>({ max: DECISIONS_MAX });

  constructor(private readonly settings: AuthenticatorSettings) {}

  /** Null for callers without credentials. Throws {@link AuthenticationFailure} for bad ones. */
  async identify(credentials: Credentials): Promise<Caller> {
    const token = bearer(credentials.authorization);
    if (token !== undefined && !this.isDevelopmentToken(token, credentials)) return this.byToken(token, credentials.origin);
    return this.byCertificate(credentials) ?? this.forDevelopment(credentials);
  }

  /** Forget everything, after a ban or a change of keys. */
  clear(): void {
    this.decisions.clear();
  }

  private async byToken(token: string, origin: string | undefined): Promise<Identity> {
    if (origin === undefined || origin === '' || origin.length > 128)
      throw AuthenticationFailure.token('the header Origin must name the VO');
    const key = createHash('sha256').update(token).update('\0').update(origin).digest('base64');
    const known = this.decisions.get(key);
    if (known && 'refused' in known) throw new AuthenticationFailure(known.refused);
    if (known) return known.identity;
    try {
      const verified = await verifyToken(token, parseOrigin(origin), this.settings.tokens);
      const identity = tokenIdentity(verified, parseOrigin(origin));
      const ttl = Math.min(POSITIVE_MS_MAX, verified.expiresAtS * 1_000 - Date.now());
      if (ttl > 0) this.decisions.set(key, { identity }, { ttl });
      return identity;
    } catch (error) {
      if (error instanceof AuthenticationFailure) this.decisions.set(key, { refused: error.message }, { ttl: NEGATIVE_MS });
      throw error;
    }
  }

  private byCertificate({ ingress, certificateSubject, certificateVerified }: Credentials): Caller {
    const { ingressSecret, vo, productionSubjects, pilotSubjects } = this.settings.certificates;
    if (!certificateSubject || ingressSecret === undefined || !sameSecret(ingress, ingressSecret)) return null;
    const given = slashSubject(certificateSubject);
    if (given === null || certificateVerified !== 'SUCCESS' || isLimitedProxy(given)) return null;
    const subject = endEntitySubject(given);
    const roles = new Set<Role>(['user']);
    if (productionSubjects.includes(subject)) roles.add('production');
    if (pilotSubjects.includes(subject)) roles.add('pilot');
    const fqans = [...roles].filter((role) => role !== 'user').map((role) => `/${vo}/Role=${role}`);
    return {
      principal: subject,
      userName: userNameOf(subject),
      subject: given,
      nickname: accountOf(given),
      vo,
      roles,
      workingGroup: null,
      fqans,
      via: 'certificate',
    };
  }

  private forDevelopment({ address }: Credentials): Caller {
    const user = this.settings.developmentUser;
    if (user === undefined || !isLoopback(address)) return null;
    return {
      principal: `development:${user}`,
      userName: user,
      subject: user,
      nickname: user,
      vo: this.settings.certificates.vo,
      roles: new Set<Role>(['user', 'pilot', 'harvester']),
      workingGroup: null,
      fqans: [],
      via: 'development',
    };
  }

  /** Pilots on a laptop must hold some token, whatever it says (pilot-api 0.3): text that is no JWT counts as none. */
  private isDevelopmentToken(token: string, { address }: Credentials): boolean {
    return this.settings.developmentUser !== undefined && isLoopback(address) && token.split('.').length !== 3;
  }
}

function tokenIdentity(token: VerifiedToken, origin: Origin): Identity {
  const { claims, membership, config } = token;
  const nickname = typeof claims.preferred_username === 'string' ? claims.preferred_username : null;
  const name = displayName(token, origin);
  const roleNames = [membership.role, ...config.autoRoles].filter((role) => role !== '');
  const subject = nickname === null ? name : `${name}/CN=nickname:${nickname}`;
  return {
    // One robot acts in several roles, each under a name of its own.
    principal: [token.issuer, token.subject, ...(token.robot ? [membership.role] : [])].join(' '),
    userName: userNameOf(subject),
    subject,
    nickname,
    vo: membership.vo,
    roles: new Set<Role>(['user', ...roleNames.filter(isRole)]),
    workingGroup: roleNames.includes('production') ? membership.group : null,
    fqans: roleNames.map((role) => `/${membership.vo}/Role=${role}`),
    ...(typeof claims.email === 'string' && claims.email_verified !== false ? { email: claims.email } : {}),
    via: 'token',
  };
}

function displayName({ claims, subject, robot, config }: VerifiedToken, origin: Origin): string {
  if (robot) return `robot ${origin.role ?? config.vo}`;
  return typeof claims.name === 'string' && claims.name !== '' ? titleCase(claims.name) : subject;
}

const ROLES: readonly string[] = ['production', 'pilot', 'harvester', 'admin'] satisfies readonly Role[];

function isRole(name: string): name is Role {
  return ROLES.includes(name);
}

function bearer(authorization: string | undefined): string | undefined {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '');
  return match?.[1];
}

function isLoopback(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
}

function sameSecret(given: string | undefined, expected: string): boolean {
  const [a, b] = [given ?? '', expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a as Buffer, b as Buffer);
}
