import type { InputFileStatus } from '@panda/domain';
import { statement } from '../kernel/statement.js';

/** Columns of a content row as `ContentRecord` names them. */
const RECORD = `c.fileid as "fileId", c.datasetid as "datasetId", c.lfn, c.scope, c.guid, coalesce(c.fsize, 0) as fsize, c.checksum, c.type,
     c.nevents as "nEvents", c.startevent as "startEvent", c.endevent as "endEvent", c.firstevent as "firstEvent", c.boundaryid as "boundaryId",
     c.lumiblocknr as "lumiBlockNr", coalesce(c.attemptnr, 0) as "attemptNr", coalesce(c.failedattempt, 0) as "failedAttempt",
     c.pandaid as "pandaId", c.ramcount as "ramCount"`;

export interface ContentRow {
  fileId: number;
  datasetId: number;
  lfn: string;
  scope: string | null;
  guid: string | null;
  fsize: number;
  checksum: string | null;
  type: string;
  nEvents: number | null;
  startEvent: number | null;
  endEvent: number | null;
  firstEvent: number | null;
  boundaryId: number | null;
  lumiBlockNr: number | null;
  attemptNr: number;
  failedAttempt: number;
  pandaId: number | null;
  /** MB that retries raised the demand to; null or 0: as the task says. */
  ramCount: number | null;
}

/** What tells content rows of a dataset apart, so that a second listing adds only what is new. */
export const readContentKeys = statement<
  { taskId: number; datasetId: number },
  {
    fileId: number;
    lfn: string;
    startEvent: number | null;
    endEvent: number | null;
    boundaryId: number | null;
    status: InputFileStatus;
    nEvents: number | null;
  }
>(
  'contents.readKeys',
  `select fileid as "fileId", lfn, startevent as "startEvent", endevent as "endEvent", boundaryid as "boundaryId", status, nevents as "nEvents"
   from doma_panda.jedi_dataset_contents where jeditaskid = $taskId and datasetid = $datasetId order by fileid`,
);

export interface PickParams {
  taskId: number;
  datasetId: number;
  limit: number;
  /** Only files that ask for this memory; null: any. 0 and null in the table are the same. */
  ramCount: number | null;
}

/**
 * Ready files with attempts left become picked, in order, and count as used. Under the task's claim, so that the rows need
 * no SKIP LOCKED.
 */
const pickSql = (order: string, orderOut: string): string => `with found as (
     select c.jeditaskid, c.datasetid, c.fileid from doma_panda.jedi_dataset_contents c
     where c.jeditaskid = $taskId and c.datasetid = $datasetId and c.status = 'ready'
       and (c.maxattempt is null or coalesce(c.attemptnr, 0) < c.maxattempt)
       and (c.maxfailure is null or coalesce(c.failedattempt, 0) < c.maxfailure)
       and ($ramCount::bigint is null or coalesce(c.ramcount, 0) = $ramCount)
     order by ${order} limit $limit for update),
   picked as (
     update doma_panda.jedi_dataset_contents c set status = 'picked', proc_status = 'picked'
     from found f where c.jeditaskid = f.jeditaskid and c.datasetid = f.datasetid and c.fileid = f.fileid
     returning ${RECORD}),
   counted as (
     update doma_panda.jedi_datasets d set nfilesused = coalesce(d.nfilesused, 0) + p.n, modificationtime = panda_ops.utc_now()
     from (select count(*) as n from picked) p where d.jeditaskid = $taskId and d.datasetid = $datasetId and p.n > 0)
   select * from picked order by ${orderOut}`;

/** In fileID order: read off the partial index on `ready`, whatever the number of files that wait or are done. */
export const pickFiles = statement<PickParams, ContentRow>(
  'contents.pick',
  pickSql('c.jeditaskid, c.datasetid, c.fileid', '"fileId"'),
);

/** By lumi block, then name: the files of a block end up in one job. Sorts what waits. */
export const pickFilesByLumiBlock = statement<PickParams, ContentRow>(
  'contents.pickByLumiBlock',
  pickSql('c.lumiblocknr, c.lfn, c.fileid', '"lumiBlockNr", lfn, "fileId"'),
);

/** By boundary: jobs laid out by the user (XML). Sorts what waits. */
export const pickFilesByBoundary = statement<PickParams, ContentRow>(
  'contents.pickByBoundary',
  pickSql('c.boundaryid, c.fileid', '"boundaryId", "fileId"'),
);

/** Files of reusable secondary datasets: read, never picked. */
export const readFiles = statement<{ taskId: number; datasetId: number; statuses: string[]; limit: number }, ContentRow>(
  'contents.read',
  `select ${RECORD} from doma_panda.jedi_dataset_contents c
   where c.jeditaskid = $taskId and c.datasetid = $datasetId and c.status = any($statuses::text[]) order by c.fileid limit $limit`,
);

/** Picked files go back to ready and are no longer counted as used. */
export const resetPicked = statement<{ taskId: number; fileIds: number[] | null }, { datasetId: number; files: number }>(
  'contents.resetPicked',
  `with locked as (
     select jeditaskid, datasetid, fileid from doma_panda.jedi_dataset_contents
     where jeditaskid = $taskId and status = 'picked' and ($fileIds::bigint[] is null or fileid = any($fileIds))
     order by datasetid, fileid for update),
   reset as (
     update doma_panda.jedi_dataset_contents c set status = 'ready', proc_status = 'ready' from locked l
     where c.jeditaskid = l.jeditaskid and c.datasetid = l.datasetid and c.fileid = l.fileid returning c.datasetid),
   lost as (select datasetid, count(*) as n from reset group by datasetid order by datasetid)
   update doma_panda.jedi_datasets d set nfilesused = greatest(coalesce(d.nfilesused, 0) - l.n, 0), modificationtime = panda_ops.utc_now()
   from lost l where d.jeditaskid = $taskId and d.datasetid = l.datasetid returning d.datasetid as "datasetId", l.n as files`,
);

/** Tasks with picked files that nobody works on any more (F7): unlocked, or locked for longer than the limit. */
export const tasksWithStalePicks = statement<{ staleS: number; limit: number }, { id: number }>(
  'contents.tasksWithStalePicks',
  `select t.jeditaskid as id from doma_panda.jedi_tasks t
   where (t.lockedby is null or t.lockedtime < panda_ops.utc_now() - make_interval(secs => $staleS::int))
     and t.modificationtime < panda_ops.utc_now() - make_interval(secs => $staleS::int)
     and t.status in ('ready', 'scouting', 'running', 'pending', 'throttled', 'topreprocess', 'preprocessing')
     and exists (select from doma_panda.jedi_dataset_contents c where c.jeditaskid = t.jeditaskid and c.status = 'picked')
   order by t.jeditaskid limit $limit`,
);

export interface FileMoveParams {
  taskId: number;
  datasetIds: number[];
  fileIds: number[];
  sources: string[];
  targets: (string | null)[];
  bumpAttempt: boolean;
}

/** Moves files of one task by an event. Counters are the caller's: use pick, reset and settlement where they change. */
export const moveFiles = statement<FileMoveParams, { id: number; from: string; to: string }>(
  'contents.move',
  `with moves as (select * from unnest($sources::text[], $targets::text[]) as m(source, target)),
   locked as (
     select c.jeditaskid, c.datasetid, c.fileid, c.status from doma_panda.jedi_dataset_contents c
     join unnest($datasetIds::bigint[], $fileIds::bigint[]) as w(datasetid, fileid) on c.datasetid = w.datasetid and c.fileid = w.fileid
     where c.jeditaskid = $taskId and c.status = any($sources::text[])
     order by c.datasetid, c.fileid for update of c)
   update doma_panda.jedi_dataset_contents c set status = m.target, proc_status = m.target,
     attemptnr = case when $bumpAttempt::boolean then coalesce(c.attemptnr, 0) + 1 else c.attemptnr end
   from locked l join moves m on m.source = l.status
   where c.jeditaskid = l.jeditaskid and c.datasetid = l.datasetid and c.fileid = l.fileid
   returning c.fileid as id, m.source as "from", m.target as "to"`,
);

/** The next `count` serial numbers of every output template of a task; numbers given out are never given again. */
export const takeSerialNumbers = statement<
  { taskId: number; datasetIds: number[]; count: number },
  {
    templateId: number;
    datasetId: number;
    filename: string;
    first: number;
    streamName: string | null;
    outType: string | null;
    sourceName: string | null;
  }
>(
  'outputTemplate.takeSerialNumbers',
  `with locked as (
     select jeditaskid, datasetid, outtempid from doma_panda.jedi_output_template
     where jeditaskid = $taskId and datasetid = any($datasetIds::bigint[]) order by datasetid, outtempid for update)
   update doma_panda.jedi_output_template t set serialnr = coalesce(t.serialnr, 1) + $count::int from locked l
   where t.jeditaskid = l.jeditaskid and t.datasetid = l.datasetid and t.outtempid = l.outtempid
   returning t.outtempid as "templateId", t.datasetid as "datasetId", t.filenametemplate as filename, t.serialnr - $count::int as first,
     t.streamname as "streamName", t.outtype as "outType", t.sourcename as "sourceName"`,
);

/** Recount of input datasets from their files, beside the counters as stored; F2's rule. */
export const recountInputs = statement<
  { taskIds: number[] },
  { taskId: number; datasetId: number; stored: Record<string, number>; counted: Record<string, number> }
>(
  'contents.recount',
  `select d.jeditaskid as "taskId", d.datasetid as "datasetId",
     jsonb_build_object('used', coalesce(d.nfilesused, 0), 'finished', coalesce(d.nfilesfinished, 0), 'failed', coalesce(d.nfilesfailed, 0)) as stored,
     jsonb_build_object('used', c.finished + c.failed + c.busy, 'finished', c.finished, 'failed', c.failed) as counted
   from doma_panda.jedi_datasets d
   cross join lateral (
     select count(*) filter (where status = 'finished') as finished,
       count(*) filter (where status in ('failed', 'cancelled') or (status = 'ready' and maxattempt is not null
         and (attemptnr >= maxattempt or (maxfailure is not null and failedattempt >= maxfailure)))) as failed,
       count(*) filter (where status in ('picked', 'running', 'merging', 'partial')) as busy
     from doma_panda.jedi_dataset_contents c where c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid) c
   where d.jeditaskid = any($taskIds::bigint[]) and d.type in ('input', 'pseudo_input') and d.masterid is null
   order by d.datasetid`,
);
