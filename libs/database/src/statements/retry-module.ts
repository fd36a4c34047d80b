import { statement } from '../kernel/statement.js';

/** What the retry rules ask of a failed job and its task. Spec: Job Retry Module. */
export interface FailedJobRow {
  pandaId: number;
  jediTaskId: number;
  attemptNr: number;
  /** Of its input files; null when there is no limit. */
  maxAttempt: number | null;
  cmtConfig: string | null;
  atlasRelease: string | null;
  workQueueId: number | null;
  pilotErrorCode: number;
  pilotErrorDiag: string | null;
  exeErrorCode: number;
  exeErrorDiag: string | null;
  ddmErrorCode: number;
  ddmErrorDiag: string | null;
  transExitCode: string | null;
  jobDispatcherErrorCode: number;
  jobDispatcherErrorDiag: string | null;
  taskBufferErrorCode: number;
  taskBufferErrorDiag: string | null;
  brokerageErrorCode: number;
  brokerageErrorDiag: string | null;
  supErrorCode: number;
  supErrorDiag: string | null;
  cores: number | null;
  actualCores: number | null;
  minRamCount: number | null;
  maxPssKb: number | null;
  startTime: Date | null;
  endTime: Date | null;
  queue: string | null;
  files: { nEvents: number | null }[];
  task: {
    coreCount: number | null;
    ramCount: number | null;
    ramUnit: string | null;
    baseRamCount: number | null;
    cpuTime: number | null;
    cpuTimeUnit: string | null;
    baseWalltime: number | null;
    cpuEfficiency: number | null;
    walltimeUnit: string | null;
    modified: Date;
    files: number;
    filesAboveTask: number;
  };
  now: Date;
}

export const failedJobs = statement<{ ids: number[]; inputTypes: string[] }, FailedJobRow>(
  'retryModule.failedJobs',
  `with j as (select * from doma_panda.jobs_live where pandaid = any($ids::bigint[]) and jeditaskid is not null),
   counted as (
     select t.jeditaskid, count(c.fileid) as files, count(c.fileid) filter (where c.ramcount > t.ramcount) as above
     from doma_panda.jedi_tasks t
     join doma_panda.jedi_datasets d on d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($inputTypes::text[])
     join doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
     where t.jeditaskid in (select jeditaskid from j) group by t.jeditaskid)
   select j.pandaid as "pandaId", j.jeditaskid as "jediTaskId", j.attemptnr as "attemptNr", used.maxattempt as "maxAttempt",
     j.cmtconfig as "cmtConfig", j.atlasrelease as "atlasRelease", j.workqueue_id as "workQueueId",
     j.piloterrorcode as "pilotErrorCode", j.piloterrordiag as "pilotErrorDiag", j.exeerrorcode as "exeErrorCode", j.exeerrordiag as "exeErrorDiag",
     j.ddmerrorcode as "ddmErrorCode", j.ddmerrordiag as "ddmErrorDiag", j.transexitcode as "transExitCode",
     j.jobdispatchererrorcode as "jobDispatcherErrorCode", j.jobdispatchererrordiag as "jobDispatcherErrorDiag",
     j.taskbuffererrorcode as "taskBufferErrorCode", j.taskbuffererrordiag as "taskBufferErrorDiag",
     j.brokerageerrorcode as "brokerageErrorCode", j.brokerageerrordiag as "brokerageErrorDiag",
     j.superrorcode as "supErrorCode", j.superrordiag as "supErrorDiag",
     j.corecount as cores, j.actualcorecount as "actualCores", nullif(j.minramcount, 0) as "minRamCount", j.maxpss as "maxPssKb",
     j.starttime as "startTime", coalesce(j.endtime, j.modificationtime) as "endTime", j.computingsite as queue,
     coalesce(used.files, '[]') as files,
     jsonb_build_object('coreCount', t.corecount, 'ramCount', t.ramcount, 'ramUnit', t.ramunit, 'baseRamCount', t.baseramcount,
       'cpuTime', t.cputime, 'cpuTimeUnit', t.cputimeunit, 'baseWalltime', t.basewalltime, 'cpuEfficiency', t.cpuefficiency,
       'walltimeUnit', t.walltimeunit, 'modified', extract(epoch from coalesce(t.assessmenttime, t.creationdate)) * 1000,
       'files', coalesce(n.files, 0), 'filesAboveTask', coalesce(n.above, 0)) as task,
     panda_ops.utc_now() as now
   from j join doma_panda.jedi_tasks t on t.jeditaskid = j.jeditaskid
   left join counted n on n.jeditaskid = j.jeditaskid
   left join lateral (
     select max(c.maxattempt) as maxattempt, jsonb_agg(jsonb_build_object('nEvents', c.nevents) order by c.fileid) as files
     from doma_panda.job_files f
     join doma_panda.jedi_dataset_contents c on c.jeditaskid = f.jeditaskid and c.datasetid = f.datasetid and c.fileid = f.fileid
     where f.pandaid = j.pandaid and f.type in ('input', 'pseudo_input', 'pp_input')) used on true
   order by j.pandaid`,
);

/** Needs of a task as failed jobs show them: values only grow. `remeasure`: walltime and CPU time are asked for again. */
export const raiseTaskNeeds = statement<
  { id: number; ramCount: number | null; resourceType: string | null; cpuTime: number | null; remeasure: boolean },
  { id: number }
>(
  'retryModule.raiseTaskNeeds',
  `update doma_panda.jedi_tasks set ramcount = greatest(ramcount, $ramCount::int),
     resource_type = case when $ramCount::int > coalesce(ramcount, 0) then coalesce($resourceType::text, resource_type) else resource_type end,
     cputime = greatest(cputime, $cpuTime::int), walltimeunit = case when $remeasure::boolean then null else walltimeunit end,
     assessmenttime = panda_ops.utc_now()
   where jeditaskid = $id returning jeditaskid as id`,
);
