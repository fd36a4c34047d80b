import { statement } from '../kernel/statement.js';

/** The owner column binds an instance to the principal that may report for it; empty: any Harvester role. */
export const findInstance = statement<{ harvesterId: string }, { owner: string | null }>(
  'harvester.findInstance',
  'select owner from doma_panda.harvester_instances where harvester_id = $harvesterId::text',
);

export const touchInstance = statement<
  { harvesterId: string; startTime: string | null; version: string | null; commit: string | null; host: string | null },
  object
>(
  'harvester.touchInstance',
  `update doma_panda.harvester_instances set lastupdate = panda_ops.utc_now(), starttime = coalesce($startTime::timestamp, starttime),
     sw_version = coalesce(left($version::text, 50), sw_version), commit_stamp = coalesce(left($commit::text, 100), commit_stamp),
     hostname = coalesce(left($host::text, 100), hostname)
   where harvester_id = $harvesterId::text`,
);

/**
 * Workers of an instance as JSON rows; the newest report wins, one row each (reliability W1). `final` states keep their end. The list
 * of jobs becomes the relation of workers and jobs.
 */
export const upsertWorkers = statement<{ harvesterId: string; workers: string }, { workerid: number }>(
  'harvester.upsertWorkers',
  `with reported as (
     select * from jsonb_to_recordset($workers::jsonb) as w(workerid bigint, status text, batchid text, nodeid text, queuename text,
       computingsite text, submittime timestamp, starttime timestamp, endtime timestamp, ncore int, errorcode int, stdout text, stderr text,
       batchlog text, resourcetype text, nativeexitcode int, nativestatus text, diagmessage text, computingelement text, njobs int,
       submissionhost text, harvesterhost text, jdl text, jobtype text, minramcount int, pandaids jsonb)),
   stored as (
     insert into doma_panda.harvester_workers as h (harvesterid, workerid, lastupdate, status, batchid, nodeid, queuename, computingsite,
       submittime, starttime, endtime, ncore, errorcode, stdout, stderr, batchlog, resourcetype, nativeexitcode, nativestatus, diagmessage,
       computingelement, njobs, submissionhost, harvesterhost, jdl, jobtype, minramcount)
     select $harvesterId::text, workerid, panda_ops.utc_now(), left(status, 80), left(batchid, 80), left(nodeid, 80), left(queuename, 80),
       left(computingsite, 128), submittime, starttime, endtime, ncore, errorcode, left(stdout, 250), left(stderr, 250), left(batchlog, 250),
       left(resourcetype, 56), nativeexitcode, left(nativestatus, 80), left(diagmessage, 500), left(computingelement, 128), njobs,
       left(submissionhost, 128), left(harvesterhost, 128), left(jdl, 250), left(jobtype, 52), minramcount
     from reported order by workerid
     on conflict (harvesterid, workerid) do update set lastupdate = excluded.lastupdate, status = excluded.status,
       batchid = coalesce(excluded.batchid, h.batchid), nodeid = coalesce(excluded.nodeid, h.nodeid),
       queuename = coalesce(excluded.queuename, h.queuename), computingsite = coalesce(excluded.computingsite, h.computingsite),
       submittime = coalesce(excluded.submittime, h.submittime), starttime = coalesce(excluded.starttime, h.starttime),
       endtime = coalesce(excluded.endtime, h.endtime), ncore = coalesce(excluded.ncore, h.ncore),
       errorcode = coalesce(excluded.errorcode, h.errorcode), stdout = coalesce(excluded.stdout, h.stdout),
       stderr = coalesce(excluded.stderr, h.stderr), batchlog = coalesce(excluded.batchlog, h.batchlog),
       resourcetype = coalesce(excluded.resourcetype, h.resourcetype), nativeexitcode = coalesce(excluded.nativeexitcode, h.nativeexitcode),
       nativestatus = coalesce(excluded.nativestatus, h.nativestatus), diagmessage = coalesce(excluded.diagmessage, h.diagmessage),
       computingelement = coalesce(excluded.computingelement, h.computingelement), njobs = coalesce(excluded.njobs, h.njobs),
       submissionhost = coalesce(excluded.submissionhost, h.submissionhost), harvesterhost = coalesce(excluded.harvesterhost, h.harvesterhost),
       jdl = coalesce(excluded.jdl, h.jdl), jobtype = coalesce(excluded.jobtype, h.jobtype), minramcount = coalesce(excluded.minramcount, h.minramcount)
     returning workerid),
   related as (
     insert into doma_panda.harvester_rel_jobs_workers (harvesterid, workerid, pandaid, lastupdate)
     select $harvesterId::text, r.workerid, p.id::bigint, panda_ops.utc_now()
     from reported r cross join lateral jsonb_array_elements_text(coalesce(r.pandaids, '[]')) as p(id) where p.id ~ '^[0-9]{1,18}$'
     on conflict (harvesterid, workerid, pandaid) do update set lastupdate = excluded.lastupdate)
   select workerid from stored`,
);

export const updatePilotStatus = statement<
  { harvesterId: string; workerId: number; status: string; nodeId: string | null; begins: boolean; ends: boolean },
  { workerid: number }
>(
  'harvester.updatePilotStatus',
  `update doma_panda.harvester_workers set pilotstatus = left($status::text, 80), pilotstatussynctime = panda_ops.utc_now(),
     pilotstarttime = case when $begins::boolean then panda_ops.utc_now() else pilotstarttime end,
     pilotendtime = case when $ends::boolean then panda_ops.utc_now() else pilotendtime end,
     nodeid = coalesce(left($nodeId::text, 80), nodeid), lastupdate = panda_ops.utc_now()
   where harvesterid = $harvesterId::text and workerid = $workerId::bigint returning workerid`,
);

/** Replaces the numbers of one queue: what is not reported any more is gone. */
export const replaceWorkerStats = statement<
  { harvesterId: string; site: string; jobTypes: string[]; resourceTypes: string[]; statuses: string[]; counts: number[] },
  object
>(
  'harvester.replaceWorkerStats',
  `with reported as (
     select * from unnest($jobTypes::text[], $resourceTypes::text[], $statuses::text[], $counts::int[]) as r(jobtype, resourcetype, status, n)),
   gone as (
     delete from doma_panda.harvester_worker_stats s where harvester_id = $harvesterId::text and computingsite = $site::text
       and not exists (select from reported r where (r.jobtype, r.resourcetype, r.status) = (s.jobtype, s.resourcetype, s.status)))
   insert into doma_panda.harvester_worker_stats (harvester_id, computingsite, resourcetype, status, jobtype, n_workers, lastupdate)
   select $harvesterId::text, $site::text, resourcetype, status, jobtype, n, panda_ops.utc_now() from reported
   on conflict (harvester_id, computingsite, resourcetype, status, jobtype)
   do update set n_workers = excluded.n_workers, lastupdate = excluded.lastupdate`,
);

/** Reports younger than an hour, as upstream: an instance that fell silent has no workers any more. */
export const readWorkerStats = statement<
  object,
  { harvester_id: string; computingsite: string; resourcetype: string; jobtype: string; status: string; n_workers: number }
>(
  'harvester.readWorkerStats',
  `select harvester_id, computingsite, resourcetype, jobtype, status, n_workers from doma_panda.harvester_worker_stats
   where lastupdate > panda_ops.utc_now() - interval '1 hour' order by computingsite, harvester_id, jobtype, resourcetype, status`,
);

export const insertMetrics = statement<{ harvesterId: string; times: string[]; hosts: string[]; metrics: string[] }, object>(
  'harvester.insertMetrics',
  `insert into doma_panda.harvester_metrics (harvester_id, creation_time, harvester_host, metrics)
   select $harvesterId::text, m.at, left(m.host, 100), left(m.metrics, 4000)
   from unnest($times::timestamp[], $hosts::text[], $metrics::text[]) as m(at, host, metrics)`,
);

export interface DialogParams {
  harvesterId: string;
  ids: number[];
  modules: string[];
  identifiers: (string | null)[];
  times: string[];
  levels: string[];
  messages: string[];
}

/** A dialog that is sent again replaces the former one. */
export const replaceDialogs = statement<DialogParams, object>(
  'harvester.replaceDialogs',
  `with gone as (
     delete from doma_panda.harvester_dialogs where harvester_id = $harvesterId::text and diagid = any($ids::bigint[]))
   insert into doma_panda.harvester_dialogs (harvester_id, diagid, modulename, identifier, creationtime, messagelevel, diagmessage)
   select $harvesterId::text, d.id, left(d.module, 100), left(d.identifier, 100), d.at, left(d.level, 10), left(d.message, 500)
   from unnest($ids::bigint[], $modules::text[], $identifiers::text[], $times::timestamp[], $levels::text[], $messages::text[])
     as d(id, module, identifier, at, level, message)`,
);

export interface CommandRow {
  command_id: number;
  command: string;
  params: string | null;
  ack_requested: number | null;
  creation_date: Date | null;
}

/** Takes waiting commands; a second caller passes over locked rows, so each command is fetched once. */
export const takeCommands = statement<{ harvesterId: string; fresh: string; retrieved: string; limit: number }, CommandRow>(
  'harvester.takeCommands',
  `with waiting as (
     select command_id from doma_panda.harvester_commands
     where harvester_id = $harvesterId::text and status = $fresh::text order by command_id limit $limit::int for update skip locked)
   update doma_panda.harvester_commands c set status = $retrieved::text, status_date = panda_ops.utc_now()
   from waiting w where c.command_id = w.command_id
   returning c.command_id, c.command, c.params, c.ack_requested, c.creation_date`,
);

export const acknowledgeCommands = statement<{ ids: number[]; acknowledged: string }, object>(
  'harvester.acknowledgeCommands',
  `update doma_panda.harvester_commands set status = $acknowledged::text, status_date = panda_ops.utc_now()
   where command_id = any($ids::bigint[])`,
);

export const maxWorkerId = statement<{ harvesterId: string }, { id: number }>(
  'harvester.maxWorkerId',
  'select coalesce(max(workerid), 0)::bigint as id from doma_panda.harvester_workers where harvesterid = $harvesterId::text',
);

export const setSlots = statement<
  { queue: string; gshare: string | null; resourceType: string | null; slots: number; days: number | null },
  { known: boolean }
>(
  'harvester.setSlots',
  `with queue as (select panda_queue from doma_panda.schedconfig_json where panda_queue = $queue::text),
   written as (
     insert into doma_panda.harvester_slots (pandaqueuename, gshare, resourcetype, numslots, modificationtime, expirationtime)
     select panda_queue, $gshare::text, $resourceType::text, $slots::bigint, panda_ops.utc_now(),
       panda_ops.utc_now() + make_interval(days => $days::int) from queue
     on conflict (pandaqueuename, gshare, resourcetype) do update set numslots = excluded.numslots,
       modificationtime = excluded.modificationtime, expirationtime = excluded.expirationtime)
   select exists (select from queue) as known`,
);

export interface NodeParams {
  site: string;
  host: string;
  model: string;
  logicalCpus: number | null;
  sockets: number | null;
  coresPerSocket: number | null;
  threadsPerCore: number | null;
  architecture: string | null;
  level: string | null;
  clockSpeed: number | null;
  memory: number | null;
  disk: number | null;
}

export const upsertWorkerNode = statement<NodeParams, object>(
  'workerNode.upsert',
  `insert into doma_panda.worker_node (site, host_name, cpu_model, n_logical_cpus, n_sockets, cores_per_socket, threads_per_core,
     cpu_architecture, cpu_architecture_level, clock_speed, total_memory, last_seen, total_local_disk, cpu_model_normalized)
   values (left($site::text, 128), left($host::text, 128), left($model::text, 128), $logicalCpus::int, $sockets::int, $coresPerSocket::int,
     $threadsPerCore::int, left($architecture::text, 20), left($level::text, 20), $clockSpeed::numeric, $memory::bigint, panda_ops.utc_now(),
     $disk::bigint, left(trim(regexp_replace($model::text, '\\s+', ' ', 'g')), 128))
   on conflict (site, host_name, cpu_model) do update set n_logical_cpus = excluded.n_logical_cpus, n_sockets = excluded.n_sockets,
     cores_per_socket = excluded.cores_per_socket, threads_per_core = excluded.threads_per_core,
     cpu_architecture = excluded.cpu_architecture, cpu_architecture_level = excluded.cpu_architecture_level,
     clock_speed = excluded.clock_speed, total_memory = excluded.total_memory, last_seen = excluded.last_seen,
     total_local_disk = excluded.total_local_disk`,
);

export const upsertWorkerNodeGpu = statement<
  {
    site: string;
    host: string;
    vendor: string;
    model: string;
    count: number;
    vram: number | null;
    architecture: string | null;
    framework: string | null;
    frameworkVersion: string | null;
    driverVersion: string | null;
  },
  object
>(
  'workerNode.upsertGpu',
  `insert into doma_panda.worker_node_gpus (site, host_name, vendor, model, count, vram, architecture, framework, framework_version,
     driver_version, last_seen)
   values (left($site::text, 128), left($host::text, 128), left($vendor::text, 128), left($model::text, 128), $count::int, $vram::bigint,
     left($architecture::text, 128), left($framework::text, 128), left($frameworkVersion::text, 20), left($driverVersion::text, 20),
     panda_ops.utc_now())
   on conflict (site, host_name, vendor, model) do update set count = excluded.count, vram = excluded.vram,
     architecture = excluded.architecture, framework = excluded.framework, framework_version = excluded.framework_version,
     driver_version = excluded.driver_version, last_seen = excluded.last_seen`,
);

/** One command per instance that has workers, or reported numbers, at the queue. */
export const commandInstancesOf = statement<
  { queue: string; command: string; fresh: string; params: string },
  { harvester_id: string }
>(
  'harvester.commandInstancesOf',
  `insert into doma_panda.harvester_commands (command, harvester_id, ack_requested, creation_date, status, status_date, params)
   select $command::text, i.harvester_id, 0, panda_ops.utc_now(), $fresh::text, panda_ops.utc_now(), $params::text
   from (select harvesterid as harvester_id from doma_panda.harvester_workers where computingsite = $queue::text
     union select harvester_id from doma_panda.harvester_worker_stats where computingsite = $queue::text) i
   order by 1 returning harvester_id`,
);
