import { statement } from '../kernel/statement.js';

/** Output reports on their way into the catalogue. Spec: PanDA server › Adder. */

/** Takes reports nobody works on, oldest first; `ids` limits the choice to announced jobs. */
export const claimReports = statement<
  { ids: number[] | null; claim: string; staleS: number; limit: number },
  { pandaId: number; attemptNr: number }
>(
  'adder.claim',
  `with picked as (
     select pandaid, attemptnr from doma_panda.job_output_report
     where  ($ids::bigint[] is null or pandaid = any($ids))
     and    (lockedby is null or lockedtime < panda_ops.utc_now() - make_interval(secs => $staleS::int))
     order  by "timestamp", pandaid limit $limit for update skip locked)
   update doma_panda.job_output_report r set lockedby = $claim, lockedtime = panda_ops.utc_now()
   from   picked p where r.pandaid = p.pandaid and r.attemptnr = p.attemptnr
   returning r.pandaid as "pandaId", r.attemptnr as "attemptNr"`,
);

export const releaseReports = statement<{ claim: string }, never>(
  'adder.release',
  'update doma_panda.job_output_report set lockedby = null, lockedtime = null where lockedby = $claim',
);

/** Reports of jobs that ended otherwise (killed, timed out) say nothing to anybody any more. */
export const dropStaleReports = statement<{ claim: string }, { pandaId: number }>(
  'adder.dropStale',
  `delete from doma_panda.job_output_report r where r.lockedby = $claim
   and not exists (select from doma_panda.jobs_live j where j.pandaid = r.pandaid and j.attemptnr = r.attemptnr)
   returning r.pandaid as "pandaId"`,
);

export interface ReportedJobRow {
  pandaId: number;
  attemptNr: number;
  reportedStatus: string;
  data: string | null;
  jediTaskId: number | null;
  computingSite: string | null;
  processingType: string | null;
  commandToPilot: string | null;
  specialHandling: string | null;
  userName: string | null;
  files: {
    lfn: string;
    scope: string | null;
    type: 'output' | 'log';
    dataset: string | null;
    destination: string | null;
    endpoint: string | null;
    token: string | null;
    guid: string | null;
    datasetId: number | null;
    fileId: number | null;
    datasetType: string | null;
    attributes: string | null;
  }[];
}

/** The jobs of claimed reports with the files they were to make. */
export const reportedJobs = statement<{ claim: string }, ReportedJobRow>(
  'adder.look',
  `select r.pandaid as "pandaId", r.attemptnr as "attemptNr", r.jobstatus as "reportedStatus", r.data, j.jeditaskid as "jediTaskId",
     j.computingsite as "computingSite", j.processingtype as "processingType", j.commandtopilot as "commandToPilot",
     j.specialhandling as "specialHandling", j.produsername as "userName",
     coalesce((select jsonb_agg(jsonb_build_object('lfn', f.lfn, 'scope', f.scope, 'type', f.type, 'dataset', coalesce(nullif(f.dataset, ''), d.datasetname),
         'destination', f.destinationdblock, 'endpoint', f.destinationse, 'token', f.destinationdblocktoken, 'guid', f.guid,
         'datasetId', f.datasetid, 'fileId', f.fileid, 'datasetType', d.type, 'attributes', d.attributes) order by f.row_id)
       from doma_panda.job_files f
       left join doma_panda.jedi_datasets d on d.jeditaskid = f.jeditaskid and d.datasetid = f.datasetid
       where f.pandaid = r.pandaid and f.type in ('output', 'log')), '[]') as files
   from   doma_panda.job_output_report r
   join   doma_panda.jobs_live j on j.pandaid = r.pandaid and j.attemptnr = r.attemptnr
   where  r.lockedby = $claim
   order  by j.jeditaskid, r.pandaid`,
);

/** Jobs whose outputs waited for a merge that ended: all their unmerged files are settled. */
export const mergedParents = statement<
  { mergeJobs: number[]; settled: string[]; finished: string },
  { pandaId: number; merged: boolean }
>(
  'adder.mergedParents',
  `with parents as (
     select distinct c.boundaryid as pandaid
     from   doma_panda.job_files f
     join   doma_panda.jedi_dataset_contents c on c.jeditaskid = f.jeditaskid and c.datasetid = f.datasetid and c.fileid = f.fileid
     where  f.pandaid = any($mergeJobs::bigint[]) and f.type in ('input', 'trn_log', 'trn_output') and c.boundaryid is not null)
   select j.pandaid as "pandaId", bool_and(c.status = $finished) as merged
   from   parents p
   join   doma_panda.jobs_live j on j.pandaid = p.pandaid and j.jobstatus = 'merging'
   join   doma_panda.job_files f on f.pandaid = j.pandaid and f.type in ('output', 'log')
   join   doma_panda.jedi_dataset_contents c on c.jeditaskid = f.jeditaskid and c.datasetid = f.datasetid and c.fileid = f.fileid and c.boundaryid = j.pandaid
   group  by j.pandaid
   having bool_and(c.status = any($settled::text[]) or (c.status = 'ready' and c.maxattempt is not null and c.attemptnr >= c.maxattempt))`,
);

/** Inputs made by other jobs of the task (the library of a build job) are there now: their waiting jobs know where. */
export const deliverInputs = statement<{ fileIds: number[]; taskId: number }, { pandaId: number; complete: boolean }>(
  'adder.deliverInputs',
  `with made as (
     select c.datasetid, c.fileid, c.guid, c.fsize, f.md5sum, f.lfn, f.scope
     from   doma_panda.jedi_dataset_contents c
     join   doma_panda.job_files f on f.jeditaskid = c.jeditaskid and f.datasetid = c.datasetid and f.fileid = c.fileid and f.pandaid = c.outpandaid
     where  c.jeditaskid = $taskId and c.fileid = any($fileIds::bigint[]) and c.status = 'finished' and f.type = 'output'),
   waiting as (
     select distinct f.pandaid, f.row_id, m.* from made m
     join   doma_panda.job_files f on f.jeditaskid = $taskId and f.datasetid = m.datasetid and f.fileid = m.fileid and f.type = 'input'
     join   doma_panda.jobs_live j on j.pandaid = f.pandaid and j.jobstatus in ('defined', 'assigned')),
   delivered as (
     update doma_panda.job_files f set status = 'ready', guid = w.guid, fsize = coalesce(w.fsize, 0), md5sum = w.md5sum, lfn = w.lfn,
       scope = w.scope, modificationtime = panda_ops.utc_now()
     from waiting w where f.pandaid = w.pandaid and f.row_id = w.row_id returning f.pandaid, f.row_id)
   select d.pandaid as "pandaId", not exists (
       select from doma_panda.job_files o where o.pandaid = d.pandaid and o.type = 'input' and o.status = 'unknown'
       and not exists (select from delivered k where k.pandaid = o.pandaid and k.row_id = o.row_id)) as complete
   from   delivered d group by d.pandaid`,
);

/** Jobs that wait for an input which will not come: the job that was to make it ended without it. */
export const jobsWithoutInput = statement<{ makers: number[] }, { pandaId: number }>(
  'adder.jobsWithoutInput',
  `select distinct j.pandaid as "pandaId"
   from   doma_panda.job_files made
   join   doma_panda.job_files f on f.jeditaskid = made.jeditaskid and f.datasetid = made.datasetid and f.fileid = made.fileid and f.type = 'input'
   join   doma_panda.jobs_live j on j.pandaid = f.pandaid and j.jobstatus in ('defined', 'assigned')
   where  made.pandaid = any($makers::bigint[]) and made.type = 'output' and made.fileid is not null
   order  by 1`,
);

/** Those of the tasks that are in one of the states. */
export const tasksInStates = statement<{ ids: number[]; statuses: string[] }, { id: number; to: string }>(
  'adder.tasksInStates',
  `select jeditaskid as id, status as "to" from doma_panda.jedi_tasks
   where  jeditaskid = any($ids::bigint[]) and status = any($statuses::text[]) order by jeditaskid`,
);
