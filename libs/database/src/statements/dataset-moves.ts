import { statement } from '../kernel/statement.js';

/** Moves datasets by one event; types keep input and output machines apart. State is DDM's word about the collection. */
export const moveDatasets = statement<
  { ids: number[]; taskIds: number[]; types: string[]; sources: string[]; targets: (string | null)[]; state: string | null },
  { id: number; from: string; to: string }
>(
  'dataset.move',
  `with moves as (select * from unnest($sources::text[], $targets::text[]) as m(source, target)),
   locked as (
     select d.jeditaskid, d.datasetid, d.status from doma_panda.jedi_datasets d
     join unnest($taskIds::bigint[], $ids::bigint[]) as w(jeditaskid, datasetid) using (jeditaskid, datasetid)
     where d.status = any($sources::text[]) and d.type = any($types::text[])
     order by d.jeditaskid, d.datasetid for update of d)
   update doma_panda.jedi_datasets d set status = m.target, modificationtime = panda_ops.utc_now(),
     state = coalesce($state::text, d.state),
     statechecktime = case when $state::text is null then d.statechecktime else panda_ops.utc_now() end
   from locked l join moves m on m.source = l.status
   where d.jeditaskid = l.jeditaskid and d.datasetid = l.datasetid
   returning d.datasetid as id, m.source as "from", m.target as "to"`,
);
