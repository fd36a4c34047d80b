import { bool, type ConfigOf, defineKeys, defineOperational, int, list, ms, oneOf, secret, str } from '@panda/config';

/** Keys of the gateway. */
export const gatewayKeys = defineKeys('gateway', {
  authConfigDir: str('PANDA_AUTH_CONFIG_DIR', {
    optional: true,
    doc: 'Directory of <vo>_auth_config.json files; without it no token is accepted.',
  }),
  authPolicies: str('PANDA_AUTH_POLICIES', {
    optional: true,
    doc: 'JSON file of policies: VO to a list of [member, {group, role}]; without it members of the group <vo> are users.',
  }),
  tokenAlgorithms: list('PANDA_AUTH_ALGORITHMS', {
    default: ['RS256', 'ES256', 'PS256'],
    doc: 'Signature algorithms of accepted tokens.',
  }),
  httpIssuers: bool('PANDA_AUTH_HTTP_ISSUERS', {
    default: false,
    doc: 'Accept identity providers over plain HTTP on other machines; only for test networks.',
  }),
  defaultVo: str('PANDA_DEFAULT_VO', {
    default: 'wlcg',
    doc: 'VO of callers that come with a certificate or without credentials.',
  }),
  developmentUser: str('PANDA_DEVELOPMENT_USER', {
    optional: true,
    doc: 'User name of callers on this machine without credentials; never set it on a server that others can reach.',
  }),
  ingressSecret: secret('PANDA_X509_INGRESS_SECRET', {
    optional: true,
    doc: 'Shared with the ingress, which sends it as X-Panda-Ingress beside a verified certificate; absent: certificates are ignored.',
  }),
  productionSubjects: list('PANDA_X509_PRODUCTION_DNS', {
    default: [],
    doc: 'Certificate subjects with the production role, written /DC=…/CN=….',
  }),
  pilotSubjects: list('PANDA_X509_PILOT_DNS', {
    default: [],
    doc: 'Certificate subjects with the pilot role, written /DC=…/CN=….',
  }),
  cacheDir: str('PANDA_CACHE_DIR', {
    default: '/var/cache/pandaserver',
    doc: 'Sandboxes, logs and checkpoints; shared by all gateways.',
  }),
  cacheHost: str('PANDA_CACHE_HOST', {
    optional: true,
    doc: 'Host under which clients reach the cache; default: the host they asked.',
  }),
  transformDir: str('PANDA_TRANSFORM_DIR', {
    optional: true,
    doc: 'Directory served as /trf/user; default: the transforms of this release.',
  }),
  userEndpoint: str('PANDA_USER_DATA_ENDPOINT', {
    optional: true,
    doc: 'Storage endpoint of uploaded user files; default: the first on disk.',
  }),
  uploadQuota: int('PANDA_UPLOAD_QUOTA_GB', { default: 20, min: 1, doc: 'GiB of live sandboxes per user.' }),
  secretsKey: secret('PANDA_SECRETS_KEY', {
    optional: true,
    doc: 'Master key of user secrets: 32 bytes as base64. Without it secrets cannot be stored.',
  }),
  secretsEncryption: oneOf('PANDA_SECRETS_ENCRYPTION', ['on', 'off'], {
    default: 'on',
    doc: 'off writes clear text, for sharing the database with a Python server until cut-over.',
  }),
  bodyTimeout: ms('PANDA_BODY_TIMEOUT', {
    default: '60s',
    min: 1_000,
    doc: 'How long the body of a request may take to arrive; then the connection is cut.',
  }),
  uploadTimeout: ms('PANDA_UPLOAD_TIMEOUT', { default: '1h', min: 1_000, doc: 'The same for a body that is a file.' }),
  holdReports: ms('PANDA_HOLD_REPORTS', {
    default: '110s',
    max: 115_000,
    doc: 'How long a final report waits for the database before 503; pilots give up after 120 s.',
  }),
  holdMax: int('PANDA_HOLD_REPORTS_MAX', { default: 2_000, min: 1, doc: 'Final reports that may wait at once.' }),
  accessTokenDir: str('PANDA_PILOT_TOKEN_DIR', {
    optional: true,
    doc: 'Directory of <client>.token and <client>.key files with which pilots renew their token.',
  }),
  proxyDir: str('PANDA_PROXY_DIR', {
    optional: true,
    doc: 'Directory of <role>.pem VOMS proxies and <name>.key object-store keys for pilots.',
  }),
  monitorPublic: bool('PANDA_MONITOR_PUBLIC', {
    default: true,
    doc: 'Task and job lists under /tasks and /jobs without log-in, as pbook of 2021 reads them.',
  }),
});

export type GatewayConfig = ConfigOf<typeof gatewayKeys>;

/** Rows of the CONFIG table that the gateway reads. */
export const submissionLimits = defineOperational(
  { app: 'pandaserver', component: 'dbproxy' },
  {
    'MAX_ACTIVE_TASKS_PER_USER_<label>': {
      type: 'int',
      doc: 'Tasks one user may have under way with this prodSourceLabel; no row: no limit.',
      readBy: 'gateway › task.submit',
    },
  },
);
