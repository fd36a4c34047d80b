import type { PyValue } from '../wire/pickle/values.js';
import { anyone, anyUser, pilots, production } from './access.js';
import { maybe, required } from './argument.js';
import { get, legacyJson, legacyPair, legacyPickle, legacyPilot, legacyText, post, statusCodes } from './forms.js';
import { operation } from './operation.js';
import { done, failed, pickleReply } from './reply.js';
import type { Fields } from './task-queries.js';

const lane = 'query' as const;

export const isAlive = operation({
  id: 'system.is_alive',
  doc: 'The server answers.',
  access: anyone,
  lane,
  ignoreUnknown: true,
  args: {},
  legacy: legacyText('isAlive', () => 'alive=yes'),
  v1: get('system/is_alive', () => done(null, 'alive=yes')),
});

/** What the server saw of the caller's own request; secrets are masked. */
export interface RequestAttributes {
  readonly parameters: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

function attributesText({ parameters, environment }: RequestAttributes): string {
  const lines = (record: Readonly<Record<string, string>>, separator: string) =>
    Object.entries(record)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}${separator}${value}\n`)
      .join('');
  return `===== param =====\n${lines(parameters, ' = ')}\n====== env ======\n${lines(environment, ' : ')}`;
}

export const getAttributes = operation({
  id: 'system.get_attributes',
  doc: 'What the server saw of this request, the credential among it.',
  access: anyUser,
  lane,
  ignoreUnknown: true,
  args: {},
  legacy: legacyText('getAttr', attributesText),
  v1: get('system/get_attributes', (attributes: RequestAttributes) => done(attributes, attributesText(attributes))),
});

export const getVomsAttributes = operation({
  id: 'system.get_voms_attributes',
  doc: 'Roles the server sees in the credential.',
  access: anyUser,
  lane,
  ignoreUnknown: true,
  args: {},
  legacy: legacyText('getVomsAttr', (roles: readonly string[]) =>
    roles.map((role, i) => `GRST_CRED_${i} : VOMS ${role}\n`).join(''),
  ),
  v1: get('system/get_voms_attributes'),
});

export const getUserAttributes = operation({
  id: 'system.get_user_attributes',
  doc: 'Name, roles and groups of the caller.',
  access: anyUser,
  lane,
  args: {},
  v1: get('system/get_user_attributes'),
});

export const setUserSecret = operation({
  id: 'creds.set_user_secrets',
  doc: 'Store a secret; no value deletes it, no key deletes all.',
  access: anyUser,
  lane: 'submission',
  args: { key: maybe.str(null, { legacy: 'key' }), value: maybe.str(null, { legacy: 'value' }) },
  legacy: legacyPair('set_user_secret', (problem: string | null) => (problem === null ? [true, 'OK'] : [false, problem])),
  v1: post('creds/set_user_secrets', (problem: string | null) => (problem === null ? done(null, 'OK') : failed(problem))),
});

export const getUserSecrets = operation({
  id: 'creds.get_user_secrets',
  doc: 'The secrets of the caller, as JSON text.',
  access: anyUser,
  lane,
  args: { keys: maybe.strs(null, { legacy: 'keys' }) },
  legacy: legacyPair('get_user_secrets', (secrets: Fields) => [
    true,
    Object.keys(secrets).length === 0 ? '' : JSON.stringify(secrets),
  ]),
  // The client always decodes `data` as JSON text.
  v1: get('creds/get_user_secrets', (secrets: Fields) => done(JSON.stringify(secrets))),
});

/** A credential, or why there is none. */
export type Credential<T> = { readonly found: true; readonly value: T } | { readonly found: false; readonly reason: string };

export const getKeyPair = operation({
  id: 'creds.get_key_pair',
  doc: 'A key pair of an object store.',
  access: pilots,
  lane,
  ignoreUnknown: true,
  args: { publicKeyName: required.str({ legacy: 'publicKeyName' }), privateKeyName: required.str({ legacy: 'privateKeyName' }) },
  legacy: legacyPilot('getKeyPair', (pair: Credential<{ publicKey: string; privateKey: string }>) =>
    pair.found
      ? { StatusCode: statusCodes.success, ...pair.value }
      : { StatusCode: statusCodes.keyMissing, errorDialog: pair.reason },
  ),
  v1: get('creds/get_key_pair', (pair: Credential<{ publicKey: string; privateKey: string }>) =>
    pair.found ? done({ public_key: pair.value.publicKey, private_key: pair.value.privateKey }) : failed(pair.reason),
  ),
});

const proxyFields = (credential: Credential<string>) =>
  credential.found
    ? { StatusCode: statusCodes.success, userProxy: credential.value }
    : { StatusCode: statusCodes.failed, errorDialog: credential.reason };

/** Harvester reads `userProxy`, the original writes `user_proxy`: both are sent. */
const proxyEnvelope = (credential: Credential<string>) =>
  credential.found ? done({ userProxy: credential.value, user_proxy: credential.value }) : failed(credential.reason);

export const getProxy = operation({
  id: 'creds.get_proxy',
  doc: 'The VOMS proxy for payloads.',
  access: pilots,
  lane,
  ignoreUnknown: true,
  args: { role: maybe.str(null, { legacy: 'role' }), dn: maybe.str(null, { legacy: 'dn' }) },
  legacy: legacyPilot('getProxy', proxyFields),
  v1: get('creds/get_proxy', proxyEnvelope),
});

export const getAccessToken = operation({
  id: 'creds.get_access_token',
  doc: 'A fresh token for a pilot that shows its token key.',
  access: pilots,
  lane,
  ignoreUnknown: true,
  args: { clientName: required.str({ legacy: 'client_name' }), tokenKey: required.str({ legacy: 'token_key' }) },
  // The pilot evaluates the answer as a Python literal: no `null`, no `true`.
  legacy: legacyJson('get_access_token', proxyFields),
  v1: get('creds/get_access_token', proxyEnvelope),
});

export const getTokenKey = operation({
  id: 'creds.get_token_key',
  doc: 'The key with which pilots of a client renew their token.',
  access: pilots,
  lane,
  ignoreUnknown: true,
  args: { clientName: required.str({ legacy: 'client_name' }) },
  legacy: legacyJson('get_token_key', (key: Credential<string>) =>
    key.found
      ? { StatusCode: statusCodes.success, tokenKey: key.value }
      : { StatusCode: statusCodes.failed, errorDialog: key.reason },
  ),
  v1: get('creds/get_token_key', (key: Credential<string>) => (key.found ? done({ tokenKey: key.value }) : failed(key.reason))),
});

export const getSiteSpecs = operation({
  id: 'metaconfig.get_site_specs',
  doc: 'PanDA queues with their attributes.',
  access: anyone,
  lane,
  args: { siteType: maybe.str('analysis', { legacy: 'siteType' }) },
  legacy: legacyPickle('getSiteSpecs', (queues: Fields) => queues as PyValue),
  v1: get('metaconfig/get_site_specs'),
});

export const getBannedUsers = operation({
  id: 'metaconfig.get_banned_users',
  doc: 'User names that may not use the system.',
  access: production,
  lane,
  args: {},
  v1: get('metaconfig/get_banned_users'),
});

export const jobStatsBySite = operation({
  id: 'statistics.active_job_stats_by_site',
  doc: 'Numbers of live jobs by queue and state.',
  access: anyone,
  lane,
  ignoreUnknown: true,
  args: {},
  legacy: {
    methods: ['getJobStatisticsPerSite', 'getJobStatistics'],
    // Harvester of 2021 unpickles this one.
    reply: (statistics: Fields) => pickleReply(statistics as PyValue),
    refuse: () => pickleReply({}),
  },
  v1: get('statistics/active_job_stats_by_site'),
});

export const jobStatsByLabel = operation({
  id: 'statistics.active_job_detailed_stats_by_site',
  doc: 'Numbers of live jobs by queue, resource type, label and state.',
  access: anyone,
  lane,
  ignoreUnknown: true,
  args: {},
  legacy: legacyJson('get_job_statistics_per_site_label_resource', (statistics: Fields) => [true, statistics]),
  v1: get('statistics/active_job_detailed_stats_by_site'),
});

export const jobStatsByResource = operation({
  id: 'statistics.active_job_stats_by_resource',
  doc: 'Numbers of live jobs by queue, resource type and state.',
  access: anyone,
  lane,
  ignoreUnknown: true,
  args: {},
  legacy: legacyPickle('getJobStatisticsPerSiteResource', (statistics: Fields) => statistics as PyValue),
});

export const getNumPilots = operation({
  id: 'statistics.pilots',
  doc: 'Numbers of running workers by queue.',
  access: anyone,
  lane,
  args: {},
  legacy: legacyPickle('getNumPilots', (pilots: Fields) => pilots as PyValue),
});

export const shareStatus = operation({
  id: 'statistics.global_share_status',
  doc: 'Global shares with their targets and what they use, in the order in which they are served.',
  access: anyone,
  lane,
  args: {},
  legacy: legacyJson('getGShareStatus', (shares: readonly Fields[]) => shares),
  v1: get('statistics/global_share_status', (shares: readonly Fields[]) => done(shares)),
});
