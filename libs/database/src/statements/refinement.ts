import { statement } from '../kernel/statement.js';

/** What refinement reads and writes. Spec: JEDI › Task Refiner. */

/** Tasks an outside production system put into T_TASK: they get their JEDI rows, once each. */
export const adoptIntake = statement<{ limit: number }, { id: number }>(
  'refinement.adoptIntake',
  `with waiting as (
     select taskid, taskname, username, vo, prodsourcelabel, priority, current_priority, parent_tid, jedi_task_parameters
     from   doma_deft.t_task d where status = 'waiting'
     and    not exists (select from doma_panda.jedi_tasks t where t.jeditaskid = d.taskid)
     order  by submit_time, taskid limit $limit for update skip locked),
   adopted as (
     update doma_deft.t_task d set status = 'registered', timestamp = panda_ops.utc_now(),
       total_done_jobs = 0, total_req_jobs = 0, total_events = 0
     from waiting w where d.taskid = w.taskid returning d.taskid),
   params as (
     insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) select taskid, jedi_task_parameters from waiting
     on conflict (jeditaskid) do update set taskparams = excluded.taskparams),
   logged as (
     insert into doma_panda.tasks_statuslog (jeditaskid, modificationtime, status, modificationhost)
     select taskid, panda_ops.utc_now(), 'registered', 'jedi-task-refiner' from waiting)
   insert into doma_panda.jedi_tasks (jeditaskid, taskname, status, username, vo, prodsourcelabel, taskpriority, currentpriority, parent_tid,
     superstatus, statechangetime)
   select w.taskid, w.taskname, 'registered', coalesce(w.username, 'unknown'), w.vo, w.prodsourcelabel, w.priority,
          coalesce(w.current_priority, w.priority), nullif(w.parent_tid, w.taskid), 'registered', panda_ops.utc_now()
   from   waiting w join adopted a using (taskid)
   returning jeditaskid as id`,
);

export interface TaskToRefine {
  id: number;
  status: string;
  parameters: string | null;
  parent: number | null;
  parentStatus: string | null;
  /** The whole row. */
  task: Record<string, unknown>;
  /** JSON that the preprocessing job left. */
  preprocessed: string | null;
}

export const tasksToRefine = statement<{ ids: number[]; claim: string }, TaskToRefine>(
  'refinement.look',
  `select t.jeditaskid as id, t.status, p.taskparams as parameters, t.parent_tid as parent, parent.status as "parentStatus", to_jsonb(t) as task,
     (select m.metadata from doma_panda.jedi_datasets d
      join   doma_panda.jedi_dataset_contents c using (jeditaskid, datasetid)
      join   doma_panda.job_metadata m on m.pandaid = c.pandaid
      where  d.jeditaskid = t.jeditaskid and d.type = 'pp_input' and c.status = 'finished' limit 1) as preprocessed
   from   doma_panda.jedi_tasks t
   left   join doma_panda.jedi_taskparams p on p.jeditaskid = t.jeditaskid
   left   join doma_panda.jedi_tasks parent on parent.jeditaskid = t.parent_tid and parent.jeditaskid <> t.jeditaskid
   where  t.jeditaskid = any($ids::bigint[]) and t.lockedby = $claim
   order  by t.jeditaskid`,
);

/** The oldest other task of this user and name that is still under way. */
export const namesake = statement<
  { id: number; taskName: string; userName: string; vo: string; label: string; terminal: string[] },
  { id: number }
>(
  'refinement.namesake',
  `select jeditaskid as id from doma_panda.jedi_tasks
   where  lower(taskname) = lower($taskName) and taskname = $taskName and username = $userName and vo = $vo and prodsourcelabel = $label
   and    jeditaskid < $id and not status = any($terminal::text[])
   order  by jeditaskid limit 1`,
);

/** Writes the refined columns of a task that is still held under the claim; no row = the claim was lost. */
export const writeRefinedTask = statement<{ id: number; claim: string; columns: string }, { id: number }>(
  'refinement.writeTask',
  `update doma_panda.jedi_tasks t set (
     taskname, username, vo, prodsourcelabel, taskpriority, currentpriority, architecture, transuses, transhome, transpath, processingtype,
     tasktype, workinggroup, countrygroup, ticketid, ticketsystemtype, campaign, requesttype, goal, reqid, corecount, walltime, walltimeunit,
     outdiskcount, outdiskunit, workdiskcount, workdiskunit, ramcount, ramunit, baseramcount, iointensity, iointensityunit, diskio, cputime,
     cputimeunit, cpuefficiency, basewalltime, mergeramcount, mergecorecount, cloud, site, nucleus, termcondition, ttcrequested,
     container_name, eventservice, usejumbo, parent_tid, workqueue_id, gshare, resource_type, splitrule) = (
     select r.taskname, r.username, r.vo, r.prodsourcelabel, r.taskpriority, r.currentpriority, r.architecture, r.transuses, r.transhome,
       r.transpath, r.processingtype, r.tasktype, r.workinggroup, r.countrygroup, r.ticketid, r.ticketsystemtype, r.campaign, r.requesttype,
       r.goal, r.reqid, r.corecount, r.walltime, r.walltimeunit, r.outdiskcount, r.outdiskunit, r.workdiskcount, r.workdiskunit, r.ramcount,
       r.ramunit, r.baseramcount, r.iointensity, r.iointensityunit, r.diskio, r.cputime, r.cputimeunit, r.cpuefficiency, r.basewalltime,
       r.mergeramcount, r.mergecorecount, r.cloud, r.site, r.nucleus, r.termcondition, r.ttcrequested, r.container_name, r.eventservice,
       r.usejumbo, r.parent_tid, r.workqueue_id, r.gshare, r.resource_type, r.splitrule
     from jsonb_populate_record(null::doma_panda.jedi_tasks, $columns::jsonb) r)
   where  t.jeditaskid = $id and t.lockedby = $claim
   returning t.jeditaskid as id`,
);

export const writeParameters = statement<{ id: number; parameters: string }, never>(
  'refinement.writeParameters',
  `insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) values ($id, $parameters)
   on conflict (jeditaskid) do update set taskparams = excluded.taskparams`,
);

export const writeJobTemplate = statement<{ id: number; template: string }, never>(
  'refinement.writeJobTemplate',
  `insert into doma_panda.jedi_jobparams_template (jeditaskid, jobparamstemplate) values ($id, $template)
   on conflict (jeditaskid) do update set jobparamstemplate = excluded.jobparamstemplate`,
);

/** Datasets the task has by now (incremental execution appends only new ones); those that stood for unknown input go. */
export const knownDatasets = statement<
  { id: number },
  { datasetId: number; name: string; container: string | null; type: string; isMaster: boolean }
>(
  'refinement.knownDatasets',
  `with forgotten as (delete from doma_panda.jedi_datasets where jeditaskid = $id and type = 'trn_unknown')
   select datasetid as "datasetId", datasetname as name, containername as container, type, masterid is null as "isMaster"
   from   doma_panda.jedi_datasets where jeditaskid = $id and type <> 'trn_unknown' order by datasetid`,
);

export const newDatasetIds = statement<{ count: number }, { id: number }>(
  'refinement.newDatasetIds',
  `select nextval('doma_panda.jedi_datasets_id_seq') as id from generate_series(1, $count::int)`,
);

/** New datasets with all counters at zero. `rows`: JSON array of objects with the column names. */
export const insertDatasetRows = statement<{ id: number; rows: string }, never>(
  'refinement.insertDatasets',
  `insert into doma_panda.jedi_datasets (jeditaskid, datasetid, datasetname, containername, type, streamname, attributes, storagetoken,
     destination, vo, masterid, provenanceid, status, nfiles, nfilestobeused, nfilesused, nfilesonhold, nfilesfinished, nfilesfailed,
     nfileswaiting, nfilesmissing, nevents, neventstobeused, neventsused)
   select $id, datasetid, datasetname, containername, type, streamname, attributes, storagetoken, destination, vo, masterid, provenanceid,
     status, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
   from   jsonb_to_recordset($rows::jsonb) as d(datasetid bigint, datasetname text, containername text, type text, streamname text,
     attributes text, storagetoken text, destination text, vo text, masterid bigint, provenanceid bigint, status text)
   order by datasetid`,
);

/** Serial numbers of output files go on where an earlier run of the task stopped. */
export const insertOutputTemplates = statement<{ id: number; rows: string }, never>(
  'refinement.insertOutputTemplates',
  `insert into doma_panda.jedi_output_template (jeditaskid, datasetid, filenametemplate, serialnr, streamname, outtype)
   select $id, datasetid, filenametemplate, serialnr, streamname, outtype
   from   jsonb_to_recordset($rows::jsonb) as t(datasetid bigint, filenametemplate text, serialnr int, streamname text, outtype text)
   order by datasetid, streamname`,
);

/** One pseudo file of a preprocessing step, counted by its dataset. */
export const insertPreprocessFile = statement<
  { id: number; datasetId: number; lfn: string; maxAttempt: number; status: string },
  never
>(
  'refinement.insertPreprocessFile',
  `with made as (
     insert into doma_panda.jedi_dataset_contents (jeditaskid, datasetid, lfn, type, status, proc_status, fsize, nevents, attemptnr, maxattempt,
       failedattempt, keeptrack)
     values ($id, $datasetId, $lfn, 'pp_input', $status, $status, 0, 0, 0, $maxAttempt, 0, 1) returning fileid)
   update doma_panda.jedi_datasets d set nfiles = m.n, nfilestobeused = m.n
   from (select count(*) as n from made) m where d.jeditaskid = $id and d.datasetid = $datasetId`,
);
