import { statement } from '../kernel/statement.js';

/** Finished jobs of a task and what their measurement writes. Spec: Dynamic Optimization of Task Parameters. */

export interface FinishedJob {
  pandaId: number;
  eventService: number | null;
  actualCores: number | null;
  askedCores: number | null;
  queue: string | null;
  startTime: Date | null;
  endTime: Date | null;
  cpuConsumptionS: number | null;
  outputBytes: number | null;
  maxPssKb: number | null;
  maxVmemKb: number | null;
  diskReadKb: number | null;
  diskWriteKb: number | null;
  memoryLeak: number | null;
  memoryLeakChi2: number | null;
  jobMetrics: string | null;
  /** Its master input. */
  files: { fsize: number; nEvents: number | null; startEvent: number | null; endEvent: number | null }[];
  /** Bytes of its output per dataset, logs left out. */
  outputs: number[];
}

/** Jobs that finished master input of a task, the latest first. A job counts once, with all its master files. */
export const finishedJobs = statement<{ taskId: number; driving: string[]; limit: number }, FinishedJob>(
  'scouts.finishedJobs',
  `with inputs as (
     select c.pandaid, jsonb_agg(jsonb_build_object('fsize', coalesce(c.fsize, 0), 'nEvents', c.nevents, 'startEvent', c.startevent,
       'endEvent', c.endevent) order by c.fileid) as files
     from doma_panda.jedi_datasets d join doma_panda.jedi_dataset_contents c using (jeditaskid, datasetid)
     where d.jeditaskid = $taskId and d.masterid is null and d.type = any($driving::text[]) and c.status = 'finished' and c.pandaid is not null
     group by c.pandaid order by c.pandaid desc limit $limit)
   select j.pandaid as "pandaId", j.eventservice as "eventService", j.actualcorecount as "actualCores", j.corecount as "askedCores",
     j.computingsite as queue, j.starttime as "startTime", j.endtime as "endTime", nullif(j.cpuconsumptiontime, 0) as "cpuConsumptionS",
     j.outputfilebytes as "outputBytes", j.maxpss as "maxPssKb", j.maxvmem as "maxVmemKb", j.totrbytes as "diskReadKb", j.totwbytes as "diskWriteKb",
     j.memory_leak as "memoryLeak", j.memory_leak_x2 as "memoryLeakChi2", j.jobmetrics as "jobMetrics", i.files,
     coalesce((select jsonb_agg(o.bytes) from (
       select sum(f.fsize) as bytes from doma_panda.job_files f where f.pandaid = j.pandaid and f.type = 'output' group by f.datasetid) o), '[]') as outputs
   from   inputs i join doma_panda.jobs_final j on j.pandaid = i.pandaid
   order  by j.pandaid`,
);

export interface MeasurementParams {
  id: number;
  /** New values by column name in lower case; absent ones stay. */
  columns: string;
  splitRule: string;
  resourceType: string | null;
  /** Nothing could be measured: the task asks for it again. */
  asksAgain: boolean;
  /** Name of the row of task_evaluation. */
  metric: string;
  findings: string;
}

/** The task's columns as measured, and what they were measured from. */
export const writeMeasurement = statement<MeasurementParams, never>(
  'scouts.writeMeasurement',
  `with m as (
     select * from jsonb_to_record($columns::jsonb) as m(cputime int, cputimeunit text, walltime int, walltimeunit text, outdiskcount int,
       outdiskunit text, iointensity int, iointensityunit text, diskio int, diskiounit text, ramcount int, ramunit text, workdiskcount int,
       workdiskunit text, memory_leak_core bigint, memory_leak_x2 numeric)),
   evaluated as (
     insert into doma_panda.task_evaluation (jeditaskid, metric, value_json, timestamp) values ($id, $metric, $findings, panda_ops.utc_now())
     on conflict (jeditaskid, metric) do update set value_json = excluded.value_json, timestamp = excluded.timestamp)
   update doma_panda.jedi_tasks t set
     cputime = coalesce(m.cputime, t.cputime), cputimeunit = coalesce(m.cputimeunit, t.cputimeunit), walltime = coalesce(m.walltime, t.walltime),
     walltimeunit = case when $asksAgain::boolean then null else coalesce(m.walltimeunit, t.walltimeunit) end, outdiskcount = coalesce(m.outdiskcount, t.outdiskcount),
     outdiskunit = coalesce(m.outdiskunit, t.outdiskunit), iointensity = coalesce(m.iointensity, t.iointensity),
     iointensityunit = coalesce(m.iointensityunit, t.iointensityunit), diskio = coalesce(m.diskio, t.diskio),
     diskiounit = coalesce(m.diskiounit, t.diskiounit), ramcount = coalesce(m.ramcount, t.ramcount), ramunit = coalesce(m.ramunit, t.ramunit),
     workdiskcount = coalesce(m.workdiskcount, t.workdiskcount), workdiskunit = coalesce(m.workdiskunit, t.workdiskunit),
     memory_leak_core = coalesce(m.memory_leak_core, t.memory_leak_core), memory_leak_x2 = coalesce(m.memory_leak_x2, t.memory_leak_x2),
     resource_type = coalesce($resourceType, t.resource_type), splitrule = $splitRule, assessmenttime = panda_ops.utc_now()
   from m where t.jeditaskid = $id`,
);
