import { statement } from '../kernel/statement.js';

/** What finalising tasks reads and writes. Spec: JEDI › Watch Dog. */

/** Locks tasks in these states, so that they are judged on the state they will be moved from. */
export const lockFinalisable = statement<{ ids: number[]; statuses: string[] }, { id: number }>(
  'finalisation.lock',
  `select jeditaskid as id from doma_panda.jedi_tasks
   where  jeditaskid = any($ids::bigint[]) and status = any($statuses::text[]) order by jeditaskid for update`,
);

export interface FinalisableTask {
  id: number;
  vo: string | null;
  label: string | null;
  status: string;
  /** A living agent works on it. */
  held: boolean;
  splitRule: string | null;
  now: Date;
  assessedAt: Date | null;
  modificationTime: Date;
  coreCount: number | null;
  walltime: number | null;
  walltimeUnit: string | null;
  cpuTime: number | null;
  cpuTimeUnit: string | null;
  cpuEfficiency: number | null;
  baseWalltime: number | null;
  outDiskUnit: string | null;
  ramCount: number | null;
  ramUnit: string | null;
  baseRamCount: number | null;
  workDiskCount: number | null;
  libSizeMb: number | null;
  masters: {
    datasetId: number;
    status: string;
    state: string | null;
    stateCheckTime: string | null;
    nFiles: number;
    nFilesToBeUsed: number;
    nFilesUsed: number;
    nFilesFinished: number;
    nFilesFailed: number;
  }[];
  /** Other input datasets; they follow the masters. */
  secondaries: number[];
  outputs: number[];
  liveJobs: number;
  unmerged: number;
  startedJobs: number;
  startedFiles: number;
  finishedJobs: number;
  /** Jobs of the last measurement; 0 = never measured. */
  measuredJobs: number;
}

/** Counts of jobs are read for tasks only that are to be measured: the others answer 0. */
export const tasksToFinalise = statement<
  {
    ids: number[];
    driving: string[];
    preprocessing: string;
    pp: string;
    produced: string[];
    scouting: string;
    running: string;
    enough: number;
    metric: string;
    staleS: number;
  },
  FinalisableTask
>(
  'finalisation.look',
  `select t.jeditaskid as id, t.vo, t.prodsourcelabel as label, t.status,
     t.lockedby is not null and t.lockedtime >= panda_ops.utc_now() - make_interval(secs => $staleS::int) as held, t.splitrule as "splitRule", panda_ops.utc_now() as now,
     t.assessmenttime as "assessedAt", t.modificationtime as "modificationTime", t.corecount as "coreCount", t.walltime, t.walltimeunit as "walltimeUnit",
     t.cputime as "cpuTime", t.cputimeunit as "cpuTimeUnit", t.cpuefficiency as "cpuEfficiency", t.basewalltime as "baseWalltime",
     t.outdiskunit as "outDiskUnit", t.ramcount as "ramCount", t.ramunit as "ramUnit", t.baseramcount as "baseRamCount",
     t.workdiskcount as "workDiskCount", lib.mb as "libSizeMb", coalesce(sets.masters, '[]') as masters,
     coalesce(sets.secondaries, '[]') as secondaries, coalesce(sets.outputs, '[]') as outputs,
     (select count(*) from doma_panda.jobs_live j where j.jeditaskid = t.jeditaskid) as "liveJobs",
     (select count(*) from doma_panda.jedi_datasets d join doma_panda.jedi_dataset_contents c using (jeditaskid, datasetid)
      where d.jeditaskid = t.jeditaskid and d.type in ('trn_log', 'trn_output') and c.boundaryid is not null
        and (c.status in ('picked', 'running', 'merging') or (c.status = 'ready' and coalesce(c.attemptnr < c.maxattempt, true)))) as unmerged,
     coalesce(jobs.started, 0) as "startedJobs", coalesce(jobs.files, 0) as "startedFiles", coalesce(jobs.finished, 0) as "finishedJobs",
     evaluated.jobs as "measuredJobs"
   from   doma_panda.jedi_tasks t
   left   join lateral (
     select jsonb_agg(jsonb_build_object('datasetId', d.datasetid, 'status', d.status, 'state', d.state, 'stateCheckTime', d.statechecktime,
         'nFiles', coalesce(d.nfiles, 0), 'nFilesToBeUsed', coalesce(d.nfilestobeused, 0), 'nFilesUsed', coalesce(d.nfilesused, 0),
         'nFilesFinished', coalesce(d.nfilesfinished, 0), 'nFilesFailed', coalesce(d.nfilesfailed, 0)) order by d.datasetid)
         filter (where d.masterid is null and d.status <> 'removed'
           and case when t.status = $preprocessing then d.type = $pp else d.type = any($driving::text[]) end) as masters,
       jsonb_agg(d.datasetid order by d.datasetid) filter (where d.masterid is not null and d.type in ('input', 'pseudo_input', 'random_seed')) as secondaries,
       jsonb_agg(d.datasetid order by d.datasetid) filter (where d.type = any($produced::text[])) as outputs,
       coalesce(sum(d.nfilesfinished) filter (where d.masterid is null and d.type = any($driving::text[])), 0) as finished
     from doma_panda.jedi_datasets d where d.jeditaskid = t.jeditaskid) sets on true
   cross  join lateral (
     select coalesce(max((e.value_json::jsonb ->> 'nJobs')::int), 0) as jobs from doma_panda.task_evaluation e
     where e.jeditaskid = t.jeditaskid and e.metric = $metric) evaluated
   left   join lateral (
     select max(c.fsize) / 1048576.0 as mb from doma_panda.jedi_datasets d join doma_panda.jedi_dataset_contents c using (jeditaskid, datasetid)
     where d.jeditaskid = t.jeditaskid and d.type = 'lib' and c.status = 'finished') lib on true
   left   join lateral (
     select count(distinct c.pandaid) as started, count(c.pandaid) as files, count(distinct c.pandaid) filter (where c.status = 'finished') as finished
     from doma_panda.jedi_datasets d join doma_panda.jedi_dataset_contents c using (jeditaskid, datasetid)
     where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($driving::text[])
       and (t.status = $scouting or (t.status = $running and sets.finished >= 5 and (t.walltimeunit is null or evaluated.jobs < $enough::int)))) jobs on true
   where  t.jeditaskid = any($ids::bigint[])
   order  by t.jeditaskid`,
);

/** Tasks worth a look, in id order after `after`: all input of a master has an outcome, or a scout has finished. */
export const finalisableTasks = statement<
  { statuses: string[]; scouting: string; driving: string[]; after: number; limit: number },
  { id: number }
>(
  'finalisation.find',
  `select t.jeditaskid as id from doma_panda.jedi_tasks t
   where  t.status = any($statuses::text[]) and t.jeditaskid > $after
   and    exists (
     select from doma_panda.jedi_datasets d
     where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($driving::text[])
       and (coalesce(d.nfilestobeused, 0) <= coalesce(d.nfilesfinished, 0) + coalesce(d.nfilesfailed, 0)
         or (t.status = $scouting and coalesce(d.nfilesfinished, 0) > 0)
         or (t.status = $scouting and t.walltimeunit is not null)))
   order  by t.jeditaskid limit $limit`,
);

/** A task rule that finalisation changed. */
export const writeTaskRule = statement<{ id: number; splitRule: string }, never>(
  'finalisation.writeSplitRule',
  'update doma_panda.jedi_tasks set splitrule = $splitRule where jeditaskid = $id',
);
