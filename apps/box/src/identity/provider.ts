import type { JWK } from 'jose';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from './accounts.js';
import { ROBOT_CLIENT_ID, USER_CLIENT_ID } from './clients.js';
import { deviceCodePage, devicePage, donePage } from './pages.js';
import { StateStore } from './state-store.js';

const HOUR_S = 3_600;
/** Seconds that each kind of token is good for. */
const lifetimes = {
  AccessToken: HOUR_S,
  Grant: 14 * 24 * HOUR_S,
  Interaction: HOUR_S,
  IdToken: 24 * HOUR_S,
  ClientCredentials: 24 * HOUR_S,
  RefreshToken: 14 * 24 * HOUR_S,
  DeviceCode: 600,
  Session: 12 * HOUR_S,
};

export interface ProviderOptions {
  issuer: string;
  /** Audience of access tokens: the gateway. */
  audience: string;
  vo: string;
  signingKey: JWK;
  cookieSecret: string;
  robotSecret: string;
  accounts: readonly Account[];
}

/** An OpenID provider for one machine: device flow for people, client credentials for robots. Spec: Custom IAM. */
export function openIdProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configuration(options));
  provider.proxy = false;
  return provider;
}

function configuration(options: ProviderOptions): Configuration {
  return {
    adapter: StateStore,
    jwks: { keys: [options.signingKey] },
    cookies: { keys: [options.cookieSecret] },
    clients: clients(options.robotSecret),
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub', 'name', 'preferred_username', 'groups'], profile: [], email: ['email'] },
    // The real client reads name, groups and preferred_username from the ID token, which is also what it sends as bearer.
    conformIdTokenClaims: false,
    findAccount: (_context, nickname) => {
      const account = options.accounts.find((candidate) => candidate.nickname === nickname);
      if (!account) return undefined;
      const { name, groups } = account;
      return { accountId: nickname, claims: () => ({ sub: nickname, name, preferred_username: nickname, groups: [...groups] }) };
    },
    loadExistingGrant: grantEverything,
    extraTokenClaims: (_context, token) =>
      token.kind === 'ClientCredentials'
        ? { name: 'robot pilot', groups: [options.vo, `${options.vo}/pilot`, `${options.vo}/harvester`], vo: options.vo }
        : undefined,
    ttl: lifetimes,
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    features: features(options.audience),
  };
}

function clients(robotSecret: string): NonNullable<Configuration['clients']> {
  return [
    {
      client_id: USER_CLIENT_ID,
      token_endpoint_auth_method: 'none',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      response_types: [],
      redirect_uris: [],
    },
    {
      client_id: ROBOT_CLIENT_ID,
      client_secret: robotSecret,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ];
}

function features(audience: string): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (context, form, _output, error) => reply(context, deviceCodePage(form, error !== undefined)),
      userCodeConfirmSource: (context, form, _client, _device, userCode) =>
        reply(context, devicePage(form, `A program shows the code ${userCode} and asks to act for you.`, 'Allow')),
      successSource: (context) => reply(context, donePage()),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'openid profile offline_access',
        audience: audience,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  };
}

/** People own this box and its only client: there is nothing to ask them for consent about. */
async function grantEverything(context: KoaContextWithOIDC) {
  const { oidc } = context;
  if (!oidc.client || !oidc.session?.accountId) return undefined;
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope('openid profile email offline_access');
  grant.addOIDCClaims(['sub', 'name', 'preferred_username', 'groups', 'email']);
  for (const resource of Object.keys(oidc.resourceServers ?? {}))
    grant.addResourceScope(resource, 'openid profile offline_access');
  await grant.save();
  return grant;
}

function reply(context: KoaContextWithOIDC, html: string): void {
  context.type = 'html';
  context.body = html;
}
