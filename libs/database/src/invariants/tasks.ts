import { type Invariant, invariant } from './invariant.js';

/** Invariants of tasks (T) and messages (M). They run on the classic views, so an installation of the original can be checked too. */
export const taskInvariants: readonly Invariant[] = [
  invariant(
    'M1',
    'A',
    'no message waits for longer than 30 s',
    `
    SELECT id FROM panda_ops.outbox WHERE published_at IS NULL AND created_at < now() - interval '30 seconds'`,
  ),
  invariant(
    'M4',
    'A',
    'a message is not both done and dead',
    `
    SELECT i.message_id, i.consumer FROM panda_ops.inbox i JOIN panda_ops.dead_letter d ON d.message_id = i.message_id AND d.consumer = i.consumer AND d.state = 'open'`,
  ),
  invariant(
    'T1',
    'A',
    'the final status follows from the counters',
    `
    WITH m AS (SELECT jeditaskid, sum(nfiles) nf, sum(nfilesfinished) nfin FROM doma_panda.jedi_datasets
               WHERE masterid IS NULL AND type IN ('input','pseudo_input') AND status <> 'removed' GROUP BY 1)
    SELECT t.jeditaskid, t.status, m.nf, m.nfin FROM doma_panda.jedi_tasks t JOIN m USING (jeditaskid)
    WHERE (t.status = 'done' AND m.nf <> m.nfin) OR (t.status = 'finished' AND m.nfin = 0 AND t.eventservice IS NULL)`,
  ),
  invariant(
    'T2',
    'A',
    'an ended task has no live job',
    `
    SELECT t.jeditaskid, t.status, j.pandaid, j.jobstatus FROM doma_panda.jedi_tasks t
    JOIN (SELECT jeditaskid, pandaid, jobstatus FROM doma_panda.jobsactive4 UNION ALL SELECT jeditaskid, pandaid, jobstatus FROM doma_panda.jobsdefined4) j USING (jeditaskid)
    WHERE t.status IN ('done','finished','failed','broken','aborted') AND j.jobstatus <> 'failed'`,
  ),
  invariant(
    'T3',
    'Q',
    'every live task has a job, a lease or a date',
    `
    SELECT t.jeditaskid, t.status FROM doma_panda.jedi_tasks t
    WHERE t.status NOT IN ('done','finished','failed','broken','aborted','exhausted','paused')
      AND NOT EXISTS (SELECT 1 FROM doma_panda.jobsactive4 j WHERE j.jeditaskid = t.jeditaskid)
      AND NOT EXISTS (SELECT 1 FROM doma_panda.jobsdefined4 j WHERE j.jeditaskid = t.jeditaskid)
      AND NOT EXISTS (SELECT 1 FROM panda_ops.lease l WHERE l.name = 'task:' || t.jeditaskid AND l.expires_at > now())
      AND NOT EXISTS (SELECT 1 FROM panda_ops.next_action n WHERE n.kind = 'task' AND n.object_id = t.jeditaskid AND n.due_at > now() - interval '10 minutes')`,
  ),
  invariant(
    'T5',
    'A',
    'T_TASK follows its task',
    `
    SELECT t.jeditaskid, t.status, t.superstatus, d.status AS deft FROM doma_panda.jedi_tasks t JOIN doma_deft.t_task d ON d.taskid = t.jeditaskid
    WHERE t.superstatus IS NOT NULL AND t.superstatus <> d.status`,
  ),
];
