/**
 * User names as PanDA derives them: the owner key of tasks, jobs, sandboxes and secrets, so the same person must get the same name from a
 * token and from a certificate. Source: panda-server:pandaserver/srvcore/CoreUtils.py@34d4b8f (clean_user_id), reliability §8.1.
 */
const DROPPED: readonly RegExp[] = [
  /\/(?:DC|O|OU|C|L)=[^/]+/g,
  /\/CN=\d+/g,
  / \d+/g,
  /_\d+/g,
  /\/CN=(?:limited )?proxy/g,
  /limited proxy/g,
  /\/CN=(?:Robot|nickname):[^/]*/g,
];

/** The user name of a subject: a distinguished name, or the display name of a token. */
export function userNameOf(subject: string): string {
  const bare = DROPPED.reduce((text, pattern) => text.replace(pattern, ''), subject);
  const names = bare.split('/CN=');
  // Two common names: the first is an account, the second the person.
  const name = names.length > 2 ? (names[2] as string) : names.join('');
  const mail = name.toLowerCase().indexOf('/email');
  return (mail > 0 ? name.slice(0, mail) : name).replace(/[()']/g, '').trim();
}

const ACCOUNT = /^[a-z][a-z0-9_-]*$/;

/**
 * The account in a certificate's subject, which its holder's names begin with: what a proxy says (`/CN=nickname:alice`), else the first
 * common name where it looks like one, as at CERN: `/CN=alice/CN=123456/CN=Alice Example`. Null for subjects with a person's name only.
 */
export function accountOf(subject: string): string | null {
  const [first = '', ...rest] = subject.split('/CN=').slice(1);
  const told = [first, ...rest].find((name) => name.startsWith('nickname:'))?.slice('nickname:'.length);
  const account = told ?? first;
  return ACCOUNT.test(account) ? account : null;
}

/** `ALICE van example` → `Alice Van Example`, as the server spells the names of token holders. */
export function titleCase(name: string): string {
  return name
    .split(' ')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join(' ');
}

const PROXY_PARTS = /\/CN=(?:\d+|(?:limited )?proxy)$/;

/** The end-entity subject behind proxies: two proxies of one person are one principal. */
export function endEntitySubject(subject: string): string {
  let bare = subject;
  while (PROXY_PARTS.test(bare)) bare = bare.replace(PROXY_PARTS, '');
  return bare;
}

export function isLimitedProxy(subject: string): boolean {
  return /\/CN=limited proxy(?:\/|$)/i.test(subject);
}
