import { statement } from '../kernel/statement.js';

/** The built-in data catalogue. Everything works on arrays: one statement, however many datasets or files. */

export interface NameArrays {
  scopes: string[];
  names: string[];
}

/** The datasets and containers among the given names. */
export const describeDatasets = statement<
  NameArrays,
  { scope: string; name: string; kind: 'dataset' | 'container'; state: string }
>(
  'ddm.describe',
  `select d.scope, d.name, d.kind, d.state
   from   unnest($scopes::text[], $names::text[]) as wanted(scope, name)
   join   panda_ops.ddm_dataset d using (scope, name)`,
);

/** Datasets below a container at any depth; a dataset is its own only member. */
export const membersOf = statement<{ scope: string; name: string }, { scope: string; name: string }>(
  'ddm.members',
  `with recursive below as (
     select scope, name, kind from panda_ops.ddm_dataset where scope = $scope and name = $name
     union
     select d.scope, d.name, d.kind
     from   below b
     join   panda_ops.ddm_container_content c on c.scope = b.scope and c.name = b.name
     join   panda_ops.ddm_dataset d on d.scope = c.child_scope and d.name = c.child_name)
   select scope, name from below where kind = 'dataset' order by name, scope`,
);

export interface FileRow {
  scope: string;
  lfn: string;
  guid: string | null;
  fsize: number;
  adler32: string | null;
  md5: string | null;
  events: number | null;
  lumiblocknr: number | null;
}

/** Files of a set of datasets in lfn order, each file once. */
export const filesOf = statement<NameArrays, FileRow>(
  'ddm.files',
  `select distinct f.lfn, f.scope, f.guid, f.fsize, f.adler32, f.md5, f.events, f.lumiblocknr
   from   unnest($scopes::text[], $names::text[]) as wanted(scope, name)
   join   panda_ops.ddm_dataset_file c on c.scope = wanted.scope and c.name = wanted.name
   join   panda_ops.ddm_file f on f.scope = c.file_scope and f.lfn = c.lfn
   order  by f.lfn, f.scope`,
);

export interface AvailabilityRow {
  endpoint: string;
  is_tape: boolean;
  available: number;
  available_bytes: number;
  total: number;
}

/** Per storage endpoint: how many of the datasets' files have a good replica there, of how many. */
export const availabilityOf = statement<NameArrays, AvailabilityRow>(
  'ddm.availability',
  `with content as (
     select distinct c.file_scope as scope, c.lfn
     from   unnest($scopes::text[], $names::text[]) as wanted(scope, name)
     join   panda_ops.ddm_dataset_file c on c.scope = wanted.scope and c.name = wanted.name)
   select r.ddm_endpoint_name as endpoint, coalesce(s.is_tape, false) as is_tape, count(*)::bigint as available,
          sum(f.fsize)::bigint as available_bytes, (select count(*) from content)::bigint as total
   from   content
   join   panda_ops.ddm_replica r on r.scope = content.scope and r.lfn = content.lfn and r.state = 'available'
   join   panda_ops.ddm_file f on f.scope = content.scope and f.lfn = content.lfn
   left   join panda_ops.ddm_storage s on s.ddm_endpoint_name = r.ddm_endpoint_name
   group  by 1, 2 order by 1`,
);

/** Registers datasets that are new; a name that is taken by the same kind is left alone. */
export const insertDatasets = statement<
  NameArrays & { kinds: string[]; owners: (string | null)[]; metadata: string[]; lifetimes: (number | null)[] },
  { scope: string; name: string }
>(
  'ddm.insertDatasets',
  `insert into panda_ops.ddm_dataset (scope, name, kind, owner, metadata, expires_at)
   select scope, name, kind, owner, metadata::jsonb, panda_ops.utc_now() at time zone 'UTC' + lifetime_s * interval '1 second'
   from   unnest($scopes::text[], $names::text[], $kinds::text[], $owners::text[], $metadata::text[], $lifetimes::bigint[])
          as d(scope, name, kind, owner, metadata, lifetime_s)
   on conflict (scope, name) do nothing returning scope, name`,
);

export const insertContainerContent = statement<
  { scope: string; name: string } & { childScopes: string[]; childNames: string[] },
  never
>(
  'ddm.insertContainerContent',
  `insert into panda_ops.ddm_container_content (scope, name, child_scope, child_name)
   select $scope, $name, child.scope, child.name from unnest($childScopes::text[], $childNames::text[]) as child(scope, name)
   on conflict do nothing`,
);

export interface FileArrays {
  scopes: string[];
  lfns: string[];
  guids: (string | null)[];
  sizes: number[];
  adlers: (string | null)[];
  md5s: (string | null)[];
  events: (number | null)[];
  lumiBlocks: (number | null)[];
}

/** Registers files and returns those whose name was already taken by different content. */
export const insertFiles = statement<FileArrays, { scope: string; lfn: string }>(
  'ddm.insertFiles',
  `with incoming as (
     select * from unnest($scopes::text[], $lfns::text[], $guids::text[], $sizes::bigint[], $adlers::text[], $md5s::text[],
                          $events::bigint[], $lumiBlocks::bigint[]) as f(scope, lfn, guid, fsize, adler32, md5, events, lumiblocknr)),
   added as (
     insert into panda_ops.ddm_file (scope, lfn, guid, fsize, adler32, md5, events, lumiblocknr)
     select * from incoming order by scope, lfn on conflict (scope, lfn) do nothing)
   select i.scope, i.lfn from incoming i
   join   panda_ops.ddm_file f on f.scope = i.scope and f.lfn = i.lfn
   where  f.fsize <> i.fsize or f.adler32 is distinct from coalesce(i.adler32, f.adler32)`,
);

export const insertReplicas = statement<{ scopes: string[]; lfns: string[]; endpoint: string }, never>(
  'ddm.insertReplicas',
  `insert into panda_ops.ddm_replica (scope, lfn, ddm_endpoint_name)
   select scope, lfn, $endpoint from unnest($scopes::text[], $lfns::text[]) as f(scope, lfn) order by 1, 2
   on conflict (scope, lfn, ddm_endpoint_name) do update set state = 'available', updated_at = now()
   where panda_ops.ddm_replica.state <> 'available'`,
);

export const insertDatasetFiles = statement<{ scope: string; name: string; scopes: string[]; lfns: string[] }, never>(
  'ddm.insertDatasetFiles',
  `insert into panda_ops.ddm_dataset_file (scope, name, file_scope, lfn)
   select $scope, $name, f.scope, f.lfn from unnest($scopes::text[], $lfns::text[]) as f(scope, lfn) order by 3, 4
   on conflict do nothing`,
);

/** Files that the dataset does not hold with this size, or of which no good replica is left. */
export const defectiveFiles = statement<
  { scope: string; name: string; scopes: string[]; lfns: string[]; sizes: (number | null)[] },
  { scope: string; lfn: string }
>(
  'ddm.defects',
  `select w.scope, w.lfn from unnest($scopes::text[], $lfns::text[], $sizes::bigint[]) as w(scope, lfn, size)
   where  not exists (
     select from panda_ops.ddm_dataset_file c
     join   panda_ops.ddm_file f on f.scope = c.file_scope and f.lfn = c.lfn
     join   panda_ops.ddm_replica r on r.scope = c.file_scope and r.lfn = c.lfn and r.state = 'available'
     where  c.scope = $scope and c.name = $name and c.file_scope = w.scope and c.lfn = w.lfn and (w.size is null or f.fsize = w.size))
   order  by w.lfn`,
);

export const removeDatasetFiles = statement<{ scope: string; name: string; scopes: string[]; lfns: string[] }, never>(
  'ddm.removeDatasetFiles',
  `delete from panda_ops.ddm_dataset_file c using unnest($scopes::text[], $lfns::text[]) as w(scope, lfn)
   where  c.scope = $scope and c.name = $name and c.file_scope = w.scope and c.lfn = w.lfn`,
);

/** Rows of files that are in no dataset, with their replicas. */
export const forgetFiles = statement<{ scopes: string[]; lfns: string[] }, never>(
  'ddm.forgetFiles',
  `with gone as (
     delete from panda_ops.ddm_file f using unnest($scopes::text[], $lfns::text[]) as w(scope, lfn)
     where f.scope = w.scope and f.lfn = w.lfn
     and   not exists (select from panda_ops.ddm_dataset_file c where c.file_scope = f.scope and c.lfn = f.lfn)
     returning f.scope, f.lfn)
   delete from panda_ops.ddm_replica r using gone g where r.scope = g.scope and r.lfn = g.lfn`,
);

export const closeDatasets = statement<NameArrays, never>(
  'ddm.closeDatasets',
  `update panda_ops.ddm_dataset d set state = 'closed', updated_at = now()
   from   unnest($scopes::text[], $names::text[]) as wanted(scope, name)
   where  d.scope = wanted.scope and d.name = wanted.name and d.state = 'open'`,
);

export const eraseEmptyDatasets = statement<NameArrays, never>(
  'ddm.eraseEmptyDatasets',
  `delete from panda_ops.ddm_dataset d
   using  unnest($scopes::text[], $names::text[]) as wanted(scope, name)
   where  d.scope = wanted.scope and d.name = wanted.name and d.kind = 'dataset'
   and    not exists (select from panda_ops.ddm_dataset_file c where c.scope = d.scope and c.name = d.name)`,
);

/** Where the endpoints keep their files. */
export const storages = statement<{ endpoints: string[] | null }, { endpoint: string; base_url: string; is_tape: boolean }>(
  'ddm.storages',
  `select ddm_endpoint_name as endpoint, base_url, is_tape from panda_ops.ddm_storage
   where  $endpoints::text[] is null or ddm_endpoint_name = any($endpoints::text[]) order by 1`,
);

/** Datasets whose name matches a LIKE pattern, newest first, with what they hold. */
export const findDatasets = statement<
  { pattern: string; owner: string | null; limit: number },
  {
    scope: string;
    name: string;
    kind: string;
    state: string;
    owner: string | null;
    created_at: Date;
    files: number;
    bytes: number;
  }
>(
  'ddm.findDatasets',
  `select d.scope, d.name, d.kind, d.state, d.owner, d.created_at, count(f.lfn)::bigint as files, coalesce(sum(f.fsize), 0)::bigint as bytes
   from   (select * from panda_ops.ddm_dataset
           where name like $pattern and ($owner::text is null or owner = $owner) order by created_at desc, name limit $limit) d
   left   join panda_ops.ddm_dataset_file c on c.scope = d.scope and c.name = d.name
   left   join panda_ops.ddm_file f on f.scope = c.file_scope and f.lfn = c.lfn
   group  by d.scope, d.name, d.kind, d.state, d.owner, d.created_at order by d.created_at desc, d.name`,
);

/** Endpoints holding a good replica of one file. */
export const replicasOf = statement<
  { scope: string; lfn: string },
  { endpoint: string; base_url: string | null; is_tape: boolean | null }
>(
  'ddm.replicas',
  `select r.ddm_endpoint_name as endpoint, s.base_url, s.is_tape from panda_ops.ddm_replica r
   left   join panda_ops.ddm_storage s using (ddm_endpoint_name)
   where  r.scope = $scope and r.lfn = $lfn and r.state = 'available' order by s.is_tape nulls last, 1`,
);
