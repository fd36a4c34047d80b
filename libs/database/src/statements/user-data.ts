import { statement } from '../kernel/statement.js';

export interface CatalogueFileRow {
  scope: string;
  lfn: string;
  dataset: string;
  fsize: number;
  adler32: string | null;
  guid: string | null;
  events: number | null;
  /** Endpoints with a good replica and their base, in order of name. */
  replicas: { endpoint: string; base: string | null }[];
}

const replicas = `coalesce((select json_agg(json_build_object('endpoint', r.ddm_endpoint_name, 'base', s.base_url) order by r.ddm_endpoint_name)
     from panda_ops.ddm_replica r left join panda_ops.ddm_storage s using (ddm_endpoint_name)
     where r.scope = f.scope and r.lfn = f.lfn and r.state = 'available'), '[]') as replicas`;

/** A page of the files of datasets, by name. */
export const pageOfFiles = statement<{ scopes: string[]; names: string[]; limit: number; offset: number }, CatalogueFileRow>(
  'userData.pageOfFiles',
  `select f.scope, f.lfn, c.name as dataset, f.fsize, f.adler32, f.guid, f.events, ${replicas}
   from unnest($scopes::text[], $names::text[]) as wanted(scope, name)
   join panda_ops.ddm_dataset_file c on c.scope = wanted.scope and c.name = wanted.name
   join panda_ops.ddm_file f on f.scope = c.file_scope and f.lfn = c.lfn
   order by f.lfn, f.scope, c.name limit $limit::int offset $offset::int`,
);

/** One file by its name; the scope may be left open when a dataset says where to look. */
export const findFile = statement<
  { scope: string | null; lfn: string; datasetScope: string | null; dataset: string | null },
  CatalogueFileRow
>(
  'userData.findFile',
  `select f.scope, f.lfn, coalesce(c.name, '') as dataset, f.fsize, f.adler32, f.guid, f.events, ${replicas}
   from panda_ops.ddm_file f left join panda_ops.ddm_dataset_file c
     on c.file_scope = f.scope and c.lfn = f.lfn and c.scope = $datasetScope::text and c.name = $dataset::text
   where f.lfn = $lfn::text and ($scope::text is null or f.scope = $scope) and ($dataset::text is null or c.name is not null)
   order by f.scope limit 1`,
);

export const describeOne = statement<
  { scope: string; name: string },
  { kind: string; state: string; owner: string | null; created_at: Date; files: number; bytes: number }
>(
  'userData.describe',
  `select d.kind, d.state, d.owner, d.created_at, count(f.lfn)::bigint as files, coalesce(sum(f.fsize), 0)::bigint as bytes
   from panda_ops.ddm_dataset d
   left join panda_ops.ddm_dataset_file c on c.scope = d.scope and c.name = d.name
   left join panda_ops.ddm_file f on f.scope = c.file_scope and f.lfn = c.lfn
   where d.scope = $scope::text and d.name = $name::text group by d.scope, d.name`,
);
