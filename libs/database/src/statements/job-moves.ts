import { statement } from '../kernel/statement.js';

/** Error columns a move may set; null leaves the column. */
export interface JobErrorParams {
  brokerCode: number | null;
  brokerDiag: string | null;
  ddmCode: number | null;
  ddmDiag: string | null;
  dispatcherCode: number | null;
  dispatcherDiag: string | null;
  supCode: number | null;
  supDiag: string | null;
  bufferCode: number | null;
  bufferDiag: string | null;
}

export interface JobMoveParams extends JobErrorParams {
  ids: number[];
  sources: string[];
  targets: (string | null)[];
  actor: string;
  subStatus: string | null;
  /** Time-outs: only jobs whose modificationTime is older than this many seconds; null moves regardless. */
  idleS: number | null;
}

const moves = `moves as (select * from unnest($sources::text[], $targets::text[]) as m(source, target)),
   locked as (
     select pandaid, jobstatus from doma_panda.jobs_live
     where pandaid = any($ids::bigint[]) and jobstatus = any($sources::text[])
       and ($idleS::int is null or modificationtime < panda_ops.utc_now() - make_interval(secs => $idleS))
     order by pandaid for update)`;

const errors = `brokerageerrorcode = coalesce($brokerCode::int, j.brokerageerrorcode),
       brokerageerrordiag = coalesce(left($brokerDiag::text, 250), j.brokerageerrordiag),
       ddmerrorcode = coalesce($ddmCode::int, j.ddmerrorcode), ddmerrordiag = coalesce(left($ddmDiag::text, 500), j.ddmerrordiag),
       jobdispatchererrorcode = coalesce($dispatcherCode::int, j.jobdispatchererrorcode),
       jobdispatchererrordiag = coalesce(left($dispatcherDiag::text, 250), j.jobdispatchererrordiag),
       superrorcode = coalesce($supCode::int, j.superrorcode), superrordiag = coalesce(left($supDiag::text, 250), j.superrordiag),
       taskbuffererrorcode = coalesce($bufferCode::int, j.taskbuffererrorcode),
       taskbuffererrordiag = coalesce(left($bufferDiag::text, 300), j.taskbuffererrordiag),
       jobsubstatus = coalesce($subStatus::text, j.jobsubstatus)`;

const logged = `logged as (
     insert into doma_panda.jobs_statuslog
       (pandaid, modificationtime, jobstatus, prodsourcelabel, cloud, computingsite, modificationhost)
     select pandaid, panda_ops.utc_now(), target, prodsourcelabel, cloud, computingsite, $actor::text from moved)`;

/**
 * Moves live jobs by an event that ends in a live state. Heartbeat age and state are judged on the locked row (D6). A job that
 * comes back from a pilot or harvester loses its hand-out record: it will be handed out anew (D1).
 */
export const moveJobs = statement<JobMoveParams, { id: number; from: string; to: string }>(
  'job.move',
  `with ${moves},
   moved as (
     update doma_panda.jobs_live j set
       jobstatus = m.target, statechangetime = panda_ops.utc_now(), modificationtime = panda_ops.utc_now(), modificationhost = $actor::text,
       ${errors}
     from locked l join moves m on m.source = l.jobstatus
     where j.pandaid = l.pandaid
     returning j.pandaid, m.source, m.target, j.prodsourcelabel, j.cloud, j.computingsite),
   ${logged},
   returned as (
     delete from panda_ops.handout h using moved m where h.pandaid = m.pandaid and m.source in ('sent', 'starting') and m.target = 'activated')
   select pandaid as id, source as "from", target as "to" from moved order by pandaid`,
);

/**
 * Ends live jobs: one UPDATE that PostgreSQL carries out as a move into the final partition. `lostHeartbeat` closes the
 * job at its last sign of life instead of now (the time it used is not longer than that).
 */
export const endJobs = statement<JobMoveParams & { lostHeartbeat: boolean }, { id: number; from: string; to: string }>(
  'job.end',
  `with ${moves},
   moved as (
     update doma_panda.jobs j set
       jobstatus = m.target, is_final = true, statechangetime = panda_ops.utc_now(), modificationtime = panda_ops.utc_now(),
       modificationhost = $actor::text, commandtopilot = null,
       endtime = coalesce(j.endtime, case when $lostHeartbeat::boolean then j.modificationtime else panda_ops.utc_now() end),
       ${errors}
     from locked l join moves m on m.source = l.jobstatus
     where j.pandaid = l.pandaid and not j.is_final
     returning j.pandaid, m.source, m.target, j.prodsourcelabel, j.cloud, j.computingsite),
   ${logged}
   select pandaid as id, source as "from", target as "to" from moved order by pandaid`,
);
