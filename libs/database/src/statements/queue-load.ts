import { statement } from '../kernel/statement.js';

/** Live jobs of every queue by state and share, from the maintained statistics: what brokerage and throttling weigh. */
export const readQueueLoad = statement<
  object,
  {
    queue: string;
    status: string;
    gshare: string | null;
    workQueueId: number | null;
    resourceType: string | null;
    label: string | null;
    processingType: string | null;
    jobs: number;
    cores: number;
    diskIoPerCore: number;
    ramPerCore: number;
    walltimeS: number;
    withWalltime: number;
    maxPriority: number | null;
  }
>(
  'queueLoad.read',
  `select computingsite as queue, jobstatus as status, gshare, workqueue_id as "workQueueId", resource_type as "resourceType",
     prodsourcelabel as label, processingtype as "processingType", sum(njobs)::bigint as jobs, sum(ncores)::bigint as cores,
     sum(diskio_per_core) / sum(njobs) as "diskIoPerCore", sum(ram_per_core) / sum(njobs) as "ramPerCore", sum(walltime) as "walltimeS",
     sum(n_walltime)::bigint as "withWalltime", max(currentpriority) as "maxPriority"
   from panda_ops.job_stats_now where computingsite is not null
   group by 1, 2, 3, 4, 5, 6, 7 having sum(njobs) > 0 order by 1, 2`,
);

/**
 * Signs of pilots at queues in the last three hours, and the last start there: requests that SITEDATA counts, pilots that Harvester
 * reports, and live jobs that speak.
 */
export const readPilotActivity = statement<object, { queue: string; signs: number; lastStart: Date | null }>(
  'queueLoad.readPilotActivity',
  `select queue, sum(signs)::bigint as signs, max(started) as "lastStart" from (
     select site as queue, getjob + updatejob as signs, laststart as started from doma_pandameta.sitedata
     where hours = 3 and flag in ('production', 'analysis')
     union all
     select computingsite, 1, pilotstarttime from doma_panda.harvester_workers
     where lastupdate > panda_ops.utc_now() - interval '3 hours' and pilotstarttime is not null
     union all
     select computingsite, 1, starttime from doma_panda.jobs_live
     where starttime is not null and modificationtime > panda_ops.utc_now() - interval '3 hours'
   ) as seen where queue is not null group by queue order by queue`,
);

/** Workers of pull queues as harvester reports them, by state. */
export const readWorkerCounts = statement<
  object,
  { queue: string; resourceType: string; status: string; jobType: string; workers: number }
>(
  'queueLoad.readWorkerCounts',
  `select computingsite as queue, resourcetype as "resourceType", status, jobtype as "jobType", sum(n_workers)::bigint as workers
   from doma_panda.harvester_worker_stats where lastupdate > panda_ops.utc_now() - interval '1 hour' group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
);

/** Slots promised for jobs in advance. Spec: setNumSlotsForWP. */
export const readSlots = statement<object, { queue: string; gshare: string | null; resourceType: string | null; slots: number }>(
  'queueLoad.readSlots',
  `select pandaqueuename as queue, gshare, resourcetype as "resourceType", numslots as slots from doma_panda.harvester_slots
   where expirationtime is null or expirationtime > panda_ops.utc_now() order by 1, 2, 3`,
);

/** Where input datasets have replicas. */
export const readLocality = statement<{ taskIds: number[] }, { taskId: number; datasetId: number; rse: string }>(
  'queueLoad.readLocality',
  `select jeditaskid as "taskId", datasetid as "datasetId", rse from doma_panda.jedi_dataset_locality
   where jeditaskid = any($taskIds::bigint[]) order by jeditaskid, datasetid, rse`,
);

/** Median number of input files per job of a kind. */
export const readTypicalInput = statement<
  object,
  { aggType: string; aggKey: string; label: string; processingType: string; files: number }
>(
  'queueLoad.readTypicalInput',
  `select agg_type as "aggType", agg_key as "aggKey", prodsourcelabel as label, processingtype as "processingType", ninputdatafiles as files
   from doma_panda.typical_num_input order by 1, 2, 3, 4`,
);
