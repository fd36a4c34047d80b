import { type ConfigOf, defineKeys, oneOf, secret, str, url } from '@panda/config';

/** The environment of the user tools: the variables of the real panda-client, with its meanings. Features CLIENT-03 to -10. */
export const cliKeys = defineKeys('cli', {
  serverUrl: url('PANDA_URL_SSL', {
    default: 'http://localhost:25080/server/panda',
    schemes: ['http', 'https'],
    doc: 'Server the tools talk to; the path /server/panda may be left out.',
  }),
  cacheUrl: url('PANDACACHE_URL', {
    optional: true,
    schemes: ['http', 'https'],
    doc: 'Server that keeps sandboxes; PANDA_URL_SSL when absent.',
  }),
  auth: str('PANDA_AUTH', {
    optional: true,
    doc: 'How users prove who they are: oidc, x509_no_grid, else x509; when absent a token is used if there is one.',
  }),
  authVo: str('PANDA_AUTH_VO', {
    optional: true,
    aliases: ['OIDC_AUTH_VO'],
    doc: 'Community the user signs in to and speaks for.',
  }),
  idToken: secret('PANDA_AUTH_ID_TOKEN', { optional: true, aliases: ['OIDC_AUTH_ID_TOKEN'], doc: 'Bearer token, ready to use.' }),
  tokenFile: str('OIDC_AUTH_TOKEN_FILE', { optional: true, doc: 'File with a bearer token that something else keeps fresh.' }),
  configRoot: str('PANDA_CONFIG_ROOT', {
    optional: true,
    doc: 'Directory of the cached token and the pbook history (~/.panda).',
  }),
  nickname: str('PANDA_NICKNAME', { optional: true, doc: 'Nickname with PANDA_AUTH=x509_no_grid.' }),
  nicknameReplace: str('PANDA_NICKNAME_REPLACE', {
    optional: true,
    doc: 'Turns the nickname of the token into another: <sep>regular expression<sep>replacement<sep>.',
  }),
  productionRole: str('PANDA_PRODUCTION_ROLE', {
    default: 'production',
    doc: 'Role in the groups of a token that allows --official.',
  }),
  verifyHost: oneOf('PANDA_VERIFY_HOST', ['on', 'off'], { default: 'on', doc: 'off accepts any certificate of the server.' }),
  proxyFile: str('X509_USER_PROXY', { optional: true, doc: 'Grid proxy, sent as client certificate over https.' }),
  platform: str('CMTCONFIG', { optional: true, doc: 'Platform of the software that is set up; part of a task’s architecture.' }),
  userPlatform: str('ALRB_USER_PLATFORM', {
    optional: true,
    doc: 'Operating system of the user’s set-up; part of a task’s architecture.',
  }),
  cmakePrefix: str('CMAKE_PREFIX_PATH', { optional: true, doc: 'When set, jobs set up software with CMake.' }),
  execString: str('PANDA_EXEC_STRING', {
    optional: true,
    doc: 'Name of the tool in recorded command lines; set by tools that call prun.',
  }),
});

export type CliConfig = ConfigOf<typeof cliKeys>;
