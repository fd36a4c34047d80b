import { type Invariant, invariant } from './invariant.js';

/** Invariants of jobs and hand-out (J, D) and of their statistics (S). They run on the classic views, so an installation of the original can be checked too. */
/* J6, J7: the library of a task is input of all its jobs; only files of input datasets are used up. */
export const jobInvariants: readonly Invariant[] = [
  invariant(
    'D1',
    'A',
    'a job with a pilot has a hand-out',
    `
    SELECT a.pandaid FROM doma_panda.jobsactive4 a WHERE a.jobstatus IN ('sent','starting','running') AND NOT EXISTS
      (SELECT 1 FROM panda_ops.handout h WHERE h.pandaid = a.pandaid AND h.attemptnr = a.attemptnr)`,
  ),
  invariant(
    'D1record',
    'A',
    'a hand-out has a job',
    `
    SELECT h.pandaid FROM panda_ops.handout h WHERE NOT EXISTS (SELECT 1 FROM doma_panda.jobs_statuslog l WHERE l.pandaid = h.pandaid)`,
  ),
  invariant(
    'D3',
    'Q',
    'no job stays sent without a pilot',
    `
    SELECT pandaid FROM doma_panda.jobsactive4 WHERE jobstatus = 'sent' AND modificationtime < (now() AT TIME ZONE 'UTC') - interval '35 minutes'`,
  ),
  invariant(
    'J1',
    'A',
    'a PandaID has one home',
    `
    SELECT pandaid, count(*) AS homes FROM (
      SELECT pandaid FROM doma_panda.jobswaiting4 UNION ALL SELECT pandaid FROM doma_panda.jobsdefined4
      UNION ALL SELECT pandaid FROM doma_panda.jobsactive4 UNION ALL SELECT pandaid FROM doma_panda.jobsarchived4) h
    GROUP BY pandaid HAVING count(*) > 1
    UNION ALL SELECT pandaid, count(*) FROM doma_pandaarch.jobsarchived GROUP BY pandaid HAVING count(*) > 1`,
  ),
  invariant(
    'J2',
    'A',
    'no PandaID that was logged disappears',
    `
    SELECT l.pandaid FROM (SELECT DISTINCT pandaid FROM doma_panda.jobs_statuslog) l
    WHERE NOT EXISTS (SELECT 1 FROM doma_panda.jobsactive4 a WHERE a.pandaid = l.pandaid)
      AND NOT EXISTS (SELECT 1 FROM doma_panda.jobsdefined4 d WHERE d.pandaid = l.pandaid)
      AND NOT EXISTS (SELECT 1 FROM doma_panda.jobswaiting4 w WHERE w.pandaid = l.pandaid)
      AND NOT EXISTS (SELECT 1 FROM doma_panda.jobsarchived4 r WHERE r.pandaid = l.pandaid)
      AND NOT EXISTS (SELECT 1 FROM doma_pandaarch.jobsarchived x WHERE x.pandaid = l.pandaid)`,
  ),
  invariant(
    'J3',
    'A',
    'home and state agree',
    `
    SELECT pandaid, jobstatus, 'active4' AS home FROM doma_panda.jobsactive4
     WHERE jobstatus NOT IN ('activated','throttled','sent','starting','running','stagein','stageout','holding','transferring','merging','failed')
    UNION ALL SELECT pandaid, jobstatus, 'defined4' FROM doma_panda.jobsdefined4 WHERE jobstatus NOT IN ('waiting','pending','defined','assigned')
    UNION ALL SELECT pandaid, jobstatus, 'archived4' FROM doma_panda.jobsarchived4 WHERE jobstatus NOT IN ('finished','failed','closed','cancelled')`,
  ),
  invariant(
    'J4',
    'A',
    'a job never leaves a final state',
    `
    SELECT pandaid FROM (
      SELECT pandaid, jobstatus, lag(jobstatus) OVER (PARTITION BY pandaid ORDER BY modiftime_extended, modificationtime) AS prev
      FROM doma_panda.jobs_statuslog) s
    WHERE prev IN ('finished','failed','closed','cancelled') AND jobstatus <> prev`,
  ),
  invariant(
    'J5',
    'A',
    'each step of a job is in the transition table',
    `
    SELECT pandaid, prev, jobstatus FROM (
      SELECT pandaid, jobstatus, lag(jobstatus) OVER (PARTITION BY pandaid ORDER BY modiftime_extended, modificationtime) AS prev
      FROM doma_panda.jobs_statuslog) s
    WHERE prev IS NOT NULL AND prev <> jobstatus AND NOT (prev || '>' || jobstatus = ANY ($moves::text[]))`,
  ),
  invariant(
    'J6',
    'A',
    'later jobs of a file have larger attempt numbers',
    `
    SELECT f.jeditaskid, f.datasetid, f.fileid, f.pandaid FROM (
      SELECT jeditaskid, datasetid, fileid, pandaid, attemptnr,
             lag(attemptnr) OVER (PARTITION BY jeditaskid, datasetid, fileid ORDER BY pandaid) AS prev_attempt
      FROM doma_panda.filestable4 WHERE type IN ('input','pseudo_input') AND fileid IS NOT NULL) f
    JOIN doma_panda.jedi_datasets d ON d.jeditaskid = f.jeditaskid AND d.datasetid = f.datasetid AND d.masterid IS NULL AND d.type IN ('input','pseudo_input')
    JOIN doma_panda.jedi_tasks t ON t.jeditaskid = f.jeditaskid AND t.eventservice IS NULL
    WHERE f.prev_attempt IS NOT NULL AND f.attemptnr <= f.prev_attempt`,
  ),
  invariant(
    'J7a',
    'A',
    'at most one live job uses a file',
    `
    SELECT f.jeditaskid, f.datasetid, f.fileid, count(DISTINCT f.pandaid) FROM doma_panda.filestable4 f
    JOIN doma_panda.jobsactive4 j ON j.pandaid = f.pandaid AND j.jobstatus <> 'failed' AND j.eventservice IS NULL AND j.processingtype <> 'pmerge'
    JOIN doma_panda.jedi_datasets d ON d.jeditaskid = f.jeditaskid AND d.datasetid = f.datasetid AND d.masterid IS NULL AND d.type IN ('input','pseudo_input')
    WHERE f.type IN ('input','pseudo_input') GROUP BY 1,2,3 HAVING count(DISTINCT f.pandaid) > 1`,
  ),
  invariant(
    'J7b',
    'A',
    'at most one finished job used a file',
    `
    SELECT f.jeditaskid, f.datasetid, f.fileid, count(DISTINCT f.pandaid) FROM doma_panda.filestable4 f
    JOIN doma_panda.jobsarchived4 j ON j.pandaid = f.pandaid AND j.jobstatus = 'finished' AND j.eventservice IS NULL AND j.processingtype <> 'pmerge'
    JOIN doma_panda.jedi_datasets d ON d.jeditaskid = f.jeditaskid AND d.datasetid = f.datasetid AND d.masterid IS NULL AND d.type IN ('input','pseudo_input')
    WHERE f.type IN ('input','pseudo_input') AND coalesce(f.status,'') <> 'skipped' GROUP BY 1,2,3 HAVING count(DISTINCT f.pandaid) > 1`,
  ),
  invariant(
    'J8',
    'A',
    'times of a job are in order',
    `
    SELECT pandaid, creationtime, starttime, endtime FROM doma_panda.jobs
    WHERE starttime < creationtime - interval '5 seconds' OR endtime < starttime - interval '5 seconds'`,
  ),
  invariant(
    'J9',
    'Q',
    'events of finished jobs equal the events used of their input',
    `
    WITH used AS (
      SELECT d.jeditaskid, sum(d.neventsused) AS events FROM doma_panda.jedi_datasets d JOIN doma_panda.jedi_tasks t USING (jeditaskid)
      WHERE d.masterid IS NULL AND d.type = 'input' AND t.eventservice IS NULL AND d.nevents > 0 GROUP BY 1),
    done AS (
      SELECT jeditaskid, sum(nevents) AS events FROM doma_panda.jobs
      WHERE is_final AND jobstatus = 'finished' AND processingtype <> 'pmerge' AND prodsourcelabel <> 'panda' AND nevents > 0 GROUP BY 1)
    SELECT u.jeditaskid, u.events AS used, d.events AS done FROM used u JOIN done d USING (jeditaskid) WHERE u.events <> d.events`,
  ),
  invariant(
    'J10',
    'A',
    'files belong to a job',
    `
    SELECT f.pandaid, f.row_id FROM doma_panda.job_files f WHERE NOT EXISTS (SELECT 1 FROM doma_panda.jobs j WHERE j.pandaid = f.pandaid)`,
  ),
  invariant(
    'S1',
    'A',
    'job statistics equal a recount',
    `
    SELECT coalesce(n.computingsite, r.computingsite) AS computingsite, coalesce(n.jobstatus, r.jobstatus) AS jobstatus, n.njobs, r.njobs AS recount
    FROM (SELECT computingsite, jobstatus, sum(njobs) AS njobs, sum(ncores) AS ncores FROM panda_ops.job_stats_now GROUP BY 1, 2) n
    FULL JOIN (SELECT computingsite, jobstatus, sum(njobs) AS njobs, sum(ncores) AS ncores FROM panda_ops.job_stats_of_live_jobs GROUP BY 1, 2) r
      ON n.computingsite IS NOT DISTINCT FROM r.computingsite AND n.jobstatus = r.jobstatus
    WHERE n.njobs IS DISTINCT FROM r.njobs OR n.ncores IS DISTINCT FROM r.ncores`,
  ),
];
