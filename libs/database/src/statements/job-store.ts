import { statement } from '../kernel/statement.js';

/** Numbers for rows that are about to be built: file names and parameters contain them. */
export const reserveIds = statement<{ jobs: number; files: number }, { jobs: number[] | null; files: number[] | null }>(
  'job.reserveIds',
  `select (select array_agg(nextval('doma_panda.jobsdefined4_pandaid_seq') order by i) from generate_series(1, $jobs::int) i) as jobs,
     (select array_agg(nextval('doma_panda.jedi_dataset_cont_fileid_seq') order by i) from generate_series(1, $files::int) i) as files`,
);

/** JobsetIDs of event service come from the same sequence as PandaIDs. */
export const reserveJobsetId = statement<object, { id: number }>(
  'job.reserveJobsetId',
  `select nextval('doma_panda.jobsdefined4_pandaid_seq') as id`,
);

/** Number of a sub dataset (`_dis`, `_sub`). */
export const reserveSubCounter = statement<object, { id: number }>(
  'job.reserveSubCounter',
  `select nextval('doma_panda.subcounter_subid_seq') as id`,
);

export interface InputUse {
  taskIds: number[];
  datasetIds: number[];
  fileIds: number[];
  attemptNrs: number[];
  pandaIds: number[];
  jobsetIds: (number | null)[];
}

/**
 * Picked input files become running under their jobs. All files of a job must still be picked with the attempt the job was
 * built for; a job that misses one is refused as a whole and returned. Spec: PanDA server › storeJobs.
 */
export const runPickedFiles = statement<InputUse, { refused: number }>(
  'contents.runPicked',
  `with wanted as (
     select * from unnest($taskIds::bigint[], $datasetIds::bigint[], $fileIds::bigint[], $attemptNrs::int[], $pandaIds::bigint[], $jobsetIds::bigint[])
       as w(jeditaskid, datasetid, fileid, attemptnr, pandaid, jobsetid)),
   locked as (
     select w.*, c.status = 'picked' and c.attemptnr = w.attemptnr as fits
     from wanted w join doma_panda.jedi_dataset_contents c
       on c.jeditaskid = w.jeditaskid and c.datasetid = w.datasetid and c.fileid = w.fileid
     order by c.datasetid, c.fileid for update of c),
   refused as (
     select w.pandaid from wanted w left join locked l using (jeditaskid, datasetid, fileid, pandaid)
     group by w.pandaid having not bool_and(coalesce(l.fits, false))),
   started as (
     update doma_panda.jedi_dataset_contents c set
       status = case when c.type like 'trn\\_%' then 'merging' else 'running' end, proc_status = 'queued', pandaid = l.pandaid, jobsetid = l.jobsetid, lastattempttime = panda_ops.utc_now()
     from locked l
     where c.jeditaskid = l.jeditaskid and c.datasetid = l.datasetid and c.fileid = l.fileid
       and l.pandaid not in (select pandaid from refused))
   select pandaid as refused from refused`,
);

/** The first attempts behind jobs that are attempts themselves; jobs without an ancestor are not returned. */
export const originsOfJobs = statement<{ taskIds: number[]; ids: number[] }, { id: number; origin: number }>(
  'job.origins',
  `select newpandaid as id, min(originpandaid) as origin from doma_panda.jedi_job_retry_history
   where jeditaskid = any($taskIds::bigint[]) and newpandaid = any($ids::bigint[]) and relationtype = 'retry' group by 1`,
);

/** New output files of a dataset. */
export const countOutputs = statement<{ taskIds: number[]; datasetIds: number[]; counts: number[] }, { datasetid: number }>(
  'dataset.countOutputs',
  `with added as (
     select jeditaskid, datasetid, sum(n) as n from unnest($taskIds::bigint[], $datasetIds::bigint[], $counts::int[]) as a(jeditaskid, datasetid, n)
     group by 1, 2),
   locked as (
     select d.jeditaskid, d.datasetid, a.n from doma_panda.jedi_datasets d join added a using (jeditaskid, datasetid)
     order by d.datasetid for update of d)
   update doma_panda.jedi_datasets d set nfiles = coalesce(d.nfiles, 0) + l.n, modificationtime = panda_ops.utc_now()
   from locked l where d.jeditaskid = l.jeditaskid and d.datasetid = l.datasetid returning d.datasetid`,
);
