import { statement } from '../kernel/statement.js';

export interface OutputClaim {
  scopes: string[];
  lfns: string[];
  guids: (string | null)[];
  pandaIds: number[];
  taskIds: (number | null)[];
  datasetIds: (number | null)[];
  fileIds: (number | null)[];
}

/**
 * F3: registers output files once. Rows that come back are new or were registered by the same job before; a file that is
 * missing from the answer belongs to another job, by name or by GUID.
 */
export const registerOutputs = statement<OutputClaim, { scope: string; lfn: string }>(
  'output.register',
  `with claims as (
     select * from unnest($scopes::text[], $lfns::text[], $guids::text[], $pandaIds::bigint[], $taskIds::bigint[], $datasetIds::bigint[], $fileIds::bigint[])
       as c(scope, lfn, guid, pandaid, jeditaskid, datasetid, fileid)),
   registered as (
     insert into panda_ops.registered_output (scope, lfn, guid, pandaid, jeditaskid, datasetid, fileid)
     select scope, lfn, guid, pandaid, jeditaskid, datasetid, fileid from claims order by scope, lfn
     on conflict do nothing returning scope, lfn)
   select scope, lfn from registered
   union select c.scope, c.lfn from claims c join panda_ops.registered_output r on r.scope = c.scope and r.lfn = c.lfn and r.pandaid = c.pandaid`,
);

/** Takes back what jobs registered in a transaction that turns out to fail them, or when their outputs are declared lost. */
export const unregisterOutputs = statement<{ pandaIds: number[] }, { lfn: string }>(
  'output.unregister',
  'delete from panda_ops.registered_output where pandaid = any($pandaIds::bigint[]) returning lfn',
);

/** Ends jobs, each by its own event and with its own errors and sums. Guarded by the sources of the event. */
export const settleJobs = statement<
  { jobs: string; actor: string },
  { id: number; from: string; to: string; jeditaskid: number | null }
>(
  'settlement.jobs',
  `with o as (
     select * from jsonb_to_recordset($jobs::jsonb) as o(pandaid bigint, sources jsonb, target text, brokercode int, brokerdiag text, ddmcode int,
       ddmdiag text, dispatchercode int, dispatcherdiag text, supcode int, supdiag text, buffercode int, bufferdiag text, substatus text,
       lostheartbeat boolean, nevents bigint, noutputdatafiles int, outputfilebytes bigint, idles int)),
   locked as (
     select j.pandaid, j.jobstatus from doma_panda.jobs_live j join o using (pandaid)
     where o.sources ? j.jobstatus and (o.idles is null or j.modificationtime < panda_ops.utc_now() - make_interval(secs => o.idles))
     order by j.pandaid for update of j),
   ended as (
     update doma_panda.jobs j set
       jobstatus = o.target, is_final = true, statechangetime = panda_ops.utc_now(), modificationtime = panda_ops.utc_now(), commandtopilot = null,
       endtime = coalesce(j.endtime, case when o.lostheartbeat then j.modificationtime else panda_ops.utc_now() end),
       brokerageerrorcode = coalesce(o.brokercode, j.brokerageerrorcode), brokerageerrordiag = coalesce(left(o.brokerdiag, 250), j.brokerageerrordiag),
       ddmerrorcode = coalesce(o.ddmcode, j.ddmerrorcode), ddmerrordiag = coalesce(left(o.ddmdiag, 500), j.ddmerrordiag),
       jobdispatchererrorcode = coalesce(o.dispatchercode, j.jobdispatchererrorcode),
       jobdispatchererrordiag = coalesce(left(o.dispatcherdiag, 250), j.jobdispatchererrordiag),
       superrorcode = coalesce(o.supcode, j.superrorcode), superrordiag = coalesce(left(o.supdiag, 250), j.superrordiag),
       taskbuffererrorcode = coalesce(o.buffercode, j.taskbuffererrorcode), taskbuffererrordiag = coalesce(left(o.bufferdiag, 300), j.taskbuffererrordiag),
       jobsubstatus = coalesce(left(o.substatus, 80), j.jobsubstatus), nevents = coalesce(o.nevents, j.nevents),
       noutputdatafiles = coalesce(o.noutputdatafiles, j.noutputdatafiles), outputfilebytes = coalesce(o.outputfilebytes, j.outputfilebytes)
     from o join locked l using (pandaid)
     where j.pandaid = o.pandaid and not j.is_final
     returning j.pandaid, l.jobstatus as source, j.jobstatus as target, j.jeditaskid, j.prodsourcelabel, j.cloud, j.computingsite),
   logged as (
     insert into doma_panda.jobs_statuslog (pandaid, modificationtime, jobstatus, prodsourcelabel, cloud, computingsite, modificationhost)
     select pandaid, panda_ops.utc_now(), target, prodsourcelabel, cloud, computingsite, $actor::text from ended),
   reported as (delete from doma_panda.job_output_report r using ended e where r.pandaid = e.pandaid)
   select pandaid as id, source as "from", target as "to", jeditaskid from ended order by pandaid`,
);

/** What the settlement of files adds to the counters of their dataset. */
export interface DatasetDelta {
  jeditaskid: number;
  datasetid: number;
  used: number;
  finished: number;
  failed: number;
  onhold: number;
  events: number;
}

/**
 * Inputs of ended jobs get their outcome: finished, or one attempt more (`failed` adds to failedAttempt). A file without
 * attempts left stays `ready` and counts as failed. Only rows that still belong to the job, with its attempt, change; the
 * deltas are what really changed. Spec: PanDA server › Adder; panda-server:pandaserver/taskbuffer/OraDBProxy.py
 * `propagateResultToJEDI`@34d4b8f3.
 */
export const settleInputs = statement<{ jobs: string }, DatasetDelta & { retriable: number }>(
  'settlement.inputs',
  `with o as (
     select * from jsonb_to_recordset($jobs::jsonb) as o(pandaid bigint, succeeded boolean, failed boolean, maxattempt int, ramcount bigint, unprocessed jsonb)),
   used as (
     select f.jeditaskid, f.datasetid, f.fileid, f.attemptnr, o.pandaid, o.maxattempt, o.ramcount, o.failed,
       o.succeeded and not coalesce(o.unprocessed ? f.fileid::text, false) as processed
     from o join doma_panda.job_files f using (pandaid)
     where f.fileid is not null and f.type in ('input', 'pseudo_input', 'pp_input', 'trn_log', 'trn_output')),
   locked as (
     select c.jeditaskid, c.datasetid, c.fileid, u.processed, u.failed, u.maxattempt, u.ramcount, c.status as before
     from used u join doma_panda.jedi_dataset_contents c
       on c.jeditaskid = u.jeditaskid and c.datasetid = u.datasetid and c.fileid = u.fileid
     where c.pandaid = u.pandaid and c.status in ('running', 'merging', 'partial') and c.keeptrack = 1
       and coalesce(c.attemptnr, 0) = coalesce(u.attemptnr, 0)
     order by c.datasetid, c.fileid for update of c),
   settled as (
     update doma_panda.jedi_dataset_contents c set
       status = case when l.processed then 'finished' else 'ready' end, proc_status = case when l.processed then 'finished' else 'ready' end,
       attemptnr = case when l.processed then c.attemptnr else coalesce(c.attemptnr, 0) + 1 end,
       failedattempt = case when l.processed or not l.failed then c.failedattempt else coalesce(c.failedattempt, 0) + 1 end,
       maxattempt = case when l.processed then c.maxattempt else least(c.maxattempt, coalesce(l.maxattempt, c.maxattempt)) end,
       ramcount = case when l.processed then c.ramcount else greatest(c.ramcount, coalesce(l.ramcount, c.ramcount)) end
     from locked l
     where c.jeditaskid = l.jeditaskid and c.datasetid = l.datasetid and c.fileid = l.fileid
     returning c.jeditaskid, c.datasetid, l.processed, c.type in ('trn_log', 'trn_output') as unmerged,
       not l.processed and c.maxattempt is not null
         and (c.attemptnr >= c.maxattempt or (c.maxfailure is not null and c.failedattempt >= c.maxfailure)) as exhausted,
       case when c.startevent is not null and c.endevent is not null then c.endevent - c.startevent + 1 else coalesce(c.nevents, 0) end as events)
   select jeditaskid, datasetid, -count(*) filter (where not processed and not exhausted) as used, count(*) filter (where processed) as finished,
     count(*) filter (where exhausted) as failed, -count(*) filter (where unmerged and (processed or exhausted)) as onhold, coalesce(sum(events) filter (where processed), 0)::bigint as events,
     count(*) filter (where not processed and not exhausted) as retriable
   from settled group by jeditaskid, datasetid order by datasetid`,
);

/** Inputs of jobs whose output waits to be merged. */
export const holdInputs = statement<{ ids: number[] }, { fileid: number }>(
  'settlement.holdInputs',
  `with locked as (
     select c.jeditaskid, c.datasetid, c.fileid
     from doma_panda.job_files f join doma_panda.jedi_dataset_contents c
       on c.jeditaskid = f.jeditaskid and c.datasetid = f.datasetid and c.fileid = f.fileid and c.pandaid = f.pandaid
     where f.pandaid = any($ids::bigint[]) and f.type in ('input', 'pseudo_input') and c.status = 'running'
     order by c.datasetid, c.fileid for update of c)
   update doma_panda.jedi_dataset_contents c set status = 'merging', proc_status = 'merging' from locked l
   where c.jeditaskid = l.jeditaskid and c.datasetid = l.datasetid and c.fileid = l.fileid returning c.fileid`,
);

/**
 * Outputs of ended jobs: content rows and job files take the reported facts. `sources` guards each row; `boundary` marks
 * unmerged output as input of a merge job.
 */
export const settleOutputs = statement<{ files: string }, DatasetDelta>(
  'settlement.outputs',
  `with o as (
     select * from jsonb_to_recordset($files::jsonb) as o(pandaid bigint, jeditaskid bigint, datasetid bigint, fileid bigint, sources jsonb, target text,
       filestatus text, lfn text, guid text, fsize bigint, checksum text, nevents bigint, lumiblocknr bigint, tobemerged boolean)),
   listed as (
     update doma_panda.job_files f set status = o.filestatus, lfn = coalesce(o.lfn, f.lfn), guid = coalesce(o.guid, f.guid),
       fsize = coalesce(o.fsize, f.fsize), md5sum = coalesce(left(o.checksum, 36), f.md5sum), modificationtime = panda_ops.utc_now()
     from o where f.pandaid = o.pandaid and f.type in ('output', 'log') and case when o.fileid is null then f.lfn = o.lfn else f.fileid = o.fileid end),
   locked as (
     select c.jeditaskid, c.datasetid, c.fileid from doma_panda.jedi_dataset_contents c join o using (jeditaskid, datasetid, fileid)
     where o.sources ? c.status order by c.datasetid, c.fileid for update of c),
   settled as (
     update doma_panda.jedi_dataset_contents c set
       status = o.target, proc_status = o.target, lfn = coalesce(o.lfn, c.lfn), guid = coalesce(o.guid, c.guid), fsize = coalesce(o.fsize, c.fsize),
       nevents = coalesce(o.nevents, c.nevents), lumiblocknr = coalesce(o.lumiblocknr, c.lumiblocknr), outpandaid = o.pandaid,
       keeptrack = case when o.tobemerged then 1 end, boundaryid = case when o.tobemerged then o.pandaid else c.boundaryid end,
       maxattempt = case when o.tobemerged then coalesce(c.attemptnr, 0) + 3 else c.maxattempt end
     from o join locked l using (jeditaskid, datasetid, fileid)
     where c.jeditaskid = o.jeditaskid and c.datasetid = o.datasetid and c.fileid = o.fileid
     returning c.jeditaskid, c.datasetid, o.target, o.tobemerged, o.nevents)
   select jeditaskid, datasetid, 0::bigint as used, count(*) filter (where target = 'finished') as finished,
     count(*) filter (where target in ('failed', 'cancelled', 'notmerged')) as failed, count(*) filter (where tobemerged) as onhold,
     coalesce(sum(nevents) filter (where target = 'finished'), 0)::bigint as events
   from settled group by jeditaskid, datasetid order by datasetid`,
);

/** Adds deltas to dataset counters, in dataset order. The hottest rows of a task: locked last, nothing is read after (TX4). */
export const addToDatasets = statement<
  {
    taskIds: number[];
    datasetIds: number[];
    used: number[];
    finished: number[];
    failed: number[];
    onHold: number[];
    events: number[];
  },
  { jeditaskid: number; datasetid: number }
>(
  'settlement.datasets',
  `with added as (
     select * from unnest($taskIds::bigint[], $datasetIds::bigint[], $used::bigint[], $finished::bigint[], $failed::bigint[], $onHold::bigint[], $events::bigint[])
       as a(jeditaskid, datasetid, used, finished, failed, onhold, events)),
   locked as (
     select a.* from doma_panda.jedi_datasets d join added a using (jeditaskid, datasetid) order by d.datasetid for update of d)
   update doma_panda.jedi_datasets d set
     nfilesused = coalesce(d.nfilesused, 0) + l.used, nfilesfinished = coalesce(d.nfilesfinished, 0) + l.finished,
     nfilesfailed = coalesce(d.nfilesfailed, 0) + l.failed, nfilesonhold = greatest(coalesce(d.nfilesonhold, 0) + l.onhold, 0),
     neventsused = case when d.type in ('output', 'log', 'lib') then d.neventsused else coalesce(d.neventsused, 0) + l.events end,
     nevents = case when d.type in ('output', 'log', 'lib') then coalesce(d.nevents, 0) + l.events else d.nevents end,
     modificationtime = panda_ops.utc_now()
   from locked l where d.jeditaskid = l.jeditaskid and d.datasetid = l.datasetid
   returning d.jeditaskid, d.datasetid`,
);

/** Outputs of jobs as stored, for jobs whose end says nothing of its own about them. */
export const readOutputsOfJobs = statement<
  { ids: number[] },
  { pandaid: number; jeditaskid: number; datasetid: number; fileid: number; lfn: string; scope: string | null; type: string }
>(
  'settlement.readOutputs',
  `select pandaid, jeditaskid, datasetid, fileid, lfn, scope, type from doma_panda.job_files
   where pandaid = any($ids::bigint[]) and fileid is not null and type in ('output', 'log') order by pandaid, row_id`,
);
