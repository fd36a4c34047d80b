import { statement } from '../kernel/statement.js';

/**
 * First come, first bound: a user name belongs to the principal that used it first; others must be linked to it by an administrator.
 * Returns the principal that stands behind the asking one, and the holder of the name (reliability §8.1).
 */
export const bindPrincipal = statement<{ principal: string; userName: string }, { own: string | null; holder: string | null }>(
  'account.bindPrincipal',
  `with bound as (
     insert into panda_ops.principal (principal, user_name) values ($principal::text, $userName::text)
     on conflict do nothing returning principal)
   select coalesce((select principal from bound),
       (select coalesce(linked_to, principal) from panda_ops.principal where principal = $principal::text)) as own,
     coalesce((select principal from bound),
       (select principal from panda_ops.principal where user_name = $userName::text and linked_to is null)) as holder`,
);

export const readBannedUsers = statement<{ banned: string }, { name: string }>(
  'account.banned',
  'select name from doma_pandameta.users where status = $banned::text order by name',
);

export const lockSecrets = statement<{ owner: string }, { data: string | null }>(
  'secrets.lock',
  'select data from doma_panda.secrets where owner = $owner::text for update',
);

export const readSecrets = statement<{ owner: string }, { data: string | null }>(
  'secrets.read',
  'select data from doma_panda.secrets where owner = $owner::text',
);

export const writeSecrets = statement<{ owner: string; data: string }, object>(
  'secrets.write',
  `insert into doma_panda.secrets (owner, updated_at, data) values ($owner::text, panda_ops.utc_now(), $data::text)
   on conflict (owner) do update set updated_at = excluded.updated_at, data = excluded.data`,
);

export const deleteSecrets = statement<{ owner: string }, object>(
  'secrets.delete',
  'delete from doma_panda.secrets where owner = $owner::text',
);

export interface SandboxRow {
  filename: string;
  hostname: string;
  username: string;
}

/** Alias: the checksum, by which an identical sandbox is found. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f. */
export const registerSandbox = statement<
  { userName: string; fileName: string; host: string; size: number; checksum: string },
  object
>(
  'sandbox.register',
  `insert into doma_pandameta.usercacheusage (username, filename, hostname, creationtime, modificationtime, filesize, aliasname)
   values (left($userName::text, 128), $fileName::text, left($host::text, 64), panda_ops.utc_now(), panda_ops.utc_now(), $size::bigint, $checksum::text)
   on conflict do nothing`,
);

export const findSandbox = statement<{ userName: string; size: number; checksum: string; ownHost: string }, SandboxRow>(
  'sandbox.find',
  `select filename, hostname, username from doma_pandameta.usercacheusage
   where username = left($userName::text, 128) and filesize = $size::bigint and aliasname = $checksum::text
     and hostname <> $ownHost::text and creationtime > panda_ops.utc_now() - interval '3 days'
   order by creationtime desc limit 1`,
);

export const sandboxByName = statement<{ fileName: string }, SandboxRow>(
  'sandbox.byName',
  `select filename, hostname, username from doma_pandameta.usercacheusage where filename = $fileName::text
   order by creationtime desc limit 1`,
);

/** Of one user, or of anybody when `userName` is null. */
export const touchSandbox = statement<{ fileName: string; userName: string | null }, { filename: string }>(
  'sandbox.touch',
  `update doma_pandameta.usercacheusage set modificationtime = panda_ops.utc_now()
   where filename = $fileName::text and ($userName::text is null or username = left($userName, 128)) returning filename`,
);

export const deleteSandbox = statement<{ fileName: string; userName: string | null }, { filename: string }>(
  'sandbox.delete',
  `delete from doma_pandameta.usercacheusage where filename = $fileName::text
     and ($userName::text is null or username = left($userName, 128)) returning filename`,
);

export const sandboxUsage = statement<{ userName: string }, { bytes: number; recent: number }>(
  'sandbox.usage',
  `select coalesce(sum(filesize), 0)::bigint as bytes,
     count(*) filter (where creationtime > panda_ops.utc_now() - interval '1 hour')::int as recent
   from doma_pandameta.usercacheusage where username = left($userName::text, 128)`,
);
