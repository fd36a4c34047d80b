import { statement } from '../kernel/statement.js';

/** Tasks that look for the nucleus which gathers their output. Spec: JEDI › Task Broker. */

export interface TaskToBroker {
  id: number;
  /** The whole row. */
  task: Record<string, unknown>;
}

/** Tasks that look for a nucleus and wait for no date, most urgent first. */
export const tasksWithoutNucleus = statement<{ assigning: string; limit: number }, { id: number }>(
  'taskBroker.find',
  `select jeditaskid as id from doma_panda.jedi_tasks t
   where  status = $assigning
   and    not exists (select from panda_ops.next_action n where n.kind = 'task' and n.object_id = t.jeditaskid and n.due_at > now())
   order  by currentpriority desc nulls last, jeditaskid limit $limit`,
);

export const tasksToBroker = statement<{ ids: number[]; claim: string }, TaskToBroker>(
  'taskBroker.look',
  `select jeditaskid as id, to_jsonb(t) as task from doma_panda.jedi_tasks t
   where jeditaskid = any($ids::bigint[]) and lockedby = $claim order by currentpriority desc nulls last, jeditaskid`,
);

/** Work left at each nucleus in tasks that go before a task of this priority, HS06 s. */
export const remainingWork = statement<
  { live: string[]; driving: string[]; priority: number },
  { nucleus: string; work: number }
>(
  'taskBroker.remainingWork',
  `select t.nucleus, sum(greatest(coalesce(d.nevents, 0) - coalesce(d.neventsused, 0), 0) * coalesce(t.cputime, 0))::float8 as work
   from doma_panda.jedi_tasks t join doma_panda.jedi_datasets d on d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($driving::text[])
   where t.status = any($live::text[]) and t.nucleus is not null and coalesce(t.currentpriority, 0) >= $priority::int
   group by t.nucleus order by t.nucleus`,
);

/** Jobs of each nucleus, from the maintained statistics. */
export const jobsOfNuclei = statement<
  { transferring: string; running: string },
  { nucleus: string; transferring: number; running: number }
>(
  'taskBroker.jobsOfNuclei',
  `select nucleus, coalesce(sum(njobs) filter (where jobstatus = $transferring), 0)::int as transferring,
     coalesce(sum(njobs) filter (where jobstatus = $running), 0)::int as running
   from panda_ops.job_stats_now where nucleus <> '' group by nucleus order by nucleus`,
);

/** Where the output of a task goes. Datasets named here are written to the nucleus. */
export const writeNucleus = statement<
  { id: number; claim: string; nucleus: string; datasetIds: number[]; tokens: (string | null)[] },
  { id: number }
>(
  'taskBroker.writeNucleus',
  `with chosen as (
     update doma_panda.jedi_tasks set nucleus = $nucleus where jeditaskid = $id and lockedby = $claim returning jeditaskid),
   directed as (
     update doma_panda.jedi_datasets d set destination = 'nucleus:' || $nucleus, storagetoken = coalesce(s.token, d.storagetoken)
     from chosen, unnest($datasetIds::bigint[], $tokens::text[]) as s(datasetid, token)
     where d.jeditaskid = chosen.jeditaskid and d.datasetid = s.datasetid)
   select jeditaskid as id from chosen`,
);

/** Why a task stays where it is. */
export const explainWait = statement<{ id: number; claim: string; reason: string }, { id: number }>(
  'taskBroker.explainWait',
  `update doma_panda.jedi_tasks set errordialog = left($reason, 255) where jeditaskid = $id and lockedby = $claim returning jeditaskid as id`,
);
