import { statement } from '../kernel/statement.js';

/** What concluding a task reads and writes. Spec: JEDI › Post Processor. */

export interface TaskToConclude {
  id: number;
  status: string;
  taskName: string;
  userName: string;
  vo: string;
  label: string | null;
  goal: number | null;
  splitRule: string | null;
  parentStatus: string | null;
  masters: {
    datasetId: number;
    status: string;
    state: string | null;
    nFiles: number;
    nFilesFinished: number;
    nFilesFailed: number;
    nEvents: number | null;
    nEventsUsed: number | null;
    isPseudo: boolean;
  }[];
  outputs: { datasetId: number; name: string; type: string; container: string | null; nFiles: number; nFilesFinished: number }[];
  /** Evaluated points of an optimisation task. */
  eventsFinished: number;
  liveJobs: number;
}

export const tasksToConclude = statement<
  { ids: number[]; claim: string; driving: string[]; produced: string[]; finishedEvents: number[] },
  TaskToConclude
>(
  'conclusion.look',
  `select t.jeditaskid as id, t.status, t.taskname as "taskName", t.username as "userName", t.vo, t.prodsourcelabel as label, t.goal, t.splitrule as "splitRule",
     parent.status as "parentStatus",
     coalesce((select jsonb_agg(jsonb_build_object('datasetId', d.datasetid, 'status', d.status, 'state', d.state, 'nFiles', coalesce(d.nfiles, 0),
         'nFilesFinished', coalesce(d.nfilesfinished, 0), 'nFilesFailed', coalesce(d.nfilesfailed, 0), 'nEvents', d.nevents,
         'nEventsUsed', d.neventsused, 'isPseudo', d.type = 'pseudo_input') order by d.datasetid)
       from doma_panda.jedi_datasets d
       where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($driving::text[])), '[]') as masters,
     coalesce((select jsonb_agg(jsonb_build_object('datasetId', d.datasetid, 'name', d.datasetname, 'type', d.type, 'container', d.containername,
         'nFiles', coalesce(d.nfiles, 0), 'nFilesFinished', coalesce(d.nfilesfinished, 0)) order by d.datasetid)
       from doma_panda.jedi_datasets d
       where d.jeditaskid = t.jeditaskid and d.type = any($produced::text[])), '[]') as outputs,
     (select count(*) from doma_panda.jedi_events e where e.jeditaskid = t.jeditaskid and e.status = any($finishedEvents::smallint[])
        and t.splitrule ~ '(^|,)HO=') as "eventsFinished",
     (select count(*) from doma_panda.jobs j where j.jeditaskid = t.jeditaskid and not j.is_final) as "liveJobs"
   from   doma_panda.jedi_tasks t
   left   join doma_panda.jedi_tasks parent on parent.jeditaskid = t.parent_tid and parent.jeditaskid <> t.jeditaskid
   where  t.jeditaskid = any($ids::bigint[]) and t.lockedby = $claim
   order  by t.jeditaskid`,
);

/** An output dataset holds what was finished; what never came is not part of it any more. */
export const fixOutputCounts = statement<{ id: number; datasetIds: number[] }, never>(
  'conclusion.fixOutputCounts',
  `update doma_panda.jedi_datasets set nfiles = nfilesfinished, modificationtime = panda_ops.utc_now()
   where  jeditaskid = $id and datasetid = any($datasetIds::bigint[]) and nfiles is distinct from nfilesfinished`,
);

/** Final figures of a task, and of its row in T_TASK. */
export const writeFigures = statement<
  { id: number; progress: number; failureRate: number; goodJobs: string; master: string[] },
  never
>(
  'conclusion.writeFigures',
  `with figures as (
     update doma_panda.jedi_tasks set progress = $progress, failurerate = $failureRate where jeditaskid = $id)
   update doma_deft.t_task d set
     total_done_jobs = (select count(distinct c.pandaid) from doma_panda.jedi_datasets m
       join doma_panda.jedi_dataset_contents c on c.jeditaskid = m.jeditaskid and c.datasetid = m.datasetid
       where m.jeditaskid = $id and m.masterid is null and m.type = any($master::text[]) and c.status = $goodJobs),
     total_input_events = (select least(9999999999, sum(m.nevents)) from doma_panda.jedi_datasets m
       where m.jeditaskid = $id and m.masterid is null and m.type = any($master::text[]))
   where  d.taskid = $id`,
);

export interface Child {
  id: number;
  status: string;
  liveJobs: number;
}

/** Tasks that wait for, or live on, the output of these tasks. */
export const childrenOf = statement<{ ids: number[]; terminal: string[] }, Child>(
  'conclusion.children',
  `select t.jeditaskid as id, t.status, (select count(*) from doma_panda.jobs j where j.jeditaskid = t.jeditaskid and not j.is_final) as "liveJobs"
   from   doma_panda.jedi_tasks t
   where  t.parent_tid = any($ids::bigint[]) and t.jeditaskid <> t.parent_tid and not t.status = any($terminal::text[])
   order  by t.jeditaskid`,
);

/** The datasets that grew with the parent are looked at again by the next cycle of the feeder. */
export const recheckMutable = statement<{ ids: number[]; mutable: string }, { id: number }>(
  'conclusion.recheckMutable',
  `update doma_panda.jedi_datasets set statechecktime = panda_ops.utc_now() - interval '1 day'
   where  jeditaskid = any($ids::bigint[]) and state = $mutable returning jeditaskid as id`,
);

export interface ProducedFile {
  fileId: number;
  scope: string | null;
  lfn: string;
  size: number | null;
  status: string;
}

/** Files of an output dataset, page by page, with what became of them. */
export const producedFiles = statement<{ taskId: number; datasetId: number; after: number; limit: number }, ProducedFile>(
  'conclusion.producedFiles',
  `select fileid as "fileId", scope, lfn, nullif(fsize, 0) as size, status from doma_panda.jedi_dataset_contents
   where  jeditaskid = $taskId and datasetid = $datasetId and fileid > $after order by fileid limit $limit`,
);
