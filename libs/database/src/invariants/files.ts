import { type Invariant, invariant } from './invariant.js';

/** Invariants of files and datasets (F). They run on the classic views, so an installation of the original can be checked too. */
export const fileInvariants: readonly Invariant[] = [
  invariant(
    'F2',
    'Q',
    'counters of input datasets equal a recount',
    `
    WITH c AS (
      SELECT jeditaskid, datasetid,
        count(*) FILTER (WHERE status = 'finished') AS n_fin,
        count(*) FILTER (WHERE status IN ('failed','cancelled') OR (status = 'ready' AND maxattempt IS NOT NULL
            AND (attemptnr >= maxattempt OR (maxfailure IS NOT NULL AND failedattempt >= maxfailure)))) AS n_fail,
        count(*) FILTER (WHERE status IN ('picked','running','merging','partial')) AS n_act
      FROM doma_panda.jedi_dataset_contents WHERE type IN ('input','pseudo_input') GROUP BY 1,2)
    SELECT d.jeditaskid, d.datasetid, d.nfilesfinished, c.n_fin, d.nfilesfailed, c.n_fail, d.nfilesused, c.n_fin+c.n_fail+c.n_act AS used
    FROM doma_panda.jedi_datasets d JOIN c USING (jeditaskid, datasetid)
    JOIN doma_panda.jedi_tasks t USING (jeditaskid)
    WHERE t.eventservice IS NULL AND d.masterid IS NULL
      AND (d.nfilesfinished <> c.n_fin OR d.nfilesfailed <> c.n_fail OR d.nfilesused <> c.n_fin + c.n_fail + c.n_act)`,
  ),
  invariant(
    'F2bounds',
    'A',
    'counters stay within their bounds',
    `
    SELECT jeditaskid, datasetid FROM doma_panda.jedi_datasets
    WHERE least(coalesce(nfiles,0), coalesce(nfilestobeused,0), coalesce(nfilesused,0), coalesce(nfilesfinished,0), coalesce(nfilesfailed,0), coalesce(nfilesonhold,0)) < 0
       OR (type IN ('input','pseudo_input') AND (coalesce(nfilesfinished,0) + coalesce(nfilesfailed,0) > coalesce(nfilesused,0) OR coalesce(nfilesused,0) > coalesce(nfilestobeused,0)))`,
  ),
  invariant(
    'F3',
    'A',
    'an output file is finished once',
    `
    SELECT scope, lfn, count(*) FROM doma_panda.jedi_dataset_contents WHERE type IN ('output','log') AND status = 'finished'
    GROUP BY scope, lfn HAVING count(*) > 1`,
  ),
  invariant(
    'F3guid',
    'A',
    'a GUID belongs to one finished file',
    `
    SELECT guid, count(*) FROM doma_panda.jedi_dataset_contents WHERE type IN ('output','log') AND status = 'finished' AND coalesce(guid,'') <> ''
    GROUP BY guid HAVING count(*) > 1`,
  ),
  invariant(
    'F3register',
    'A',
    // Unmerged output is finished as the input of a merge; nobody outside its task ever sees it.
    'a finished output is in the register',
    `
    SELECT c.scope, c.lfn FROM doma_panda.jedi_dataset_contents c WHERE c.type IN ('output','log') AND c.status = 'finished'
      AND NOT EXISTS (SELECT 1 FROM doma_panda.jedi_datasets d WHERE d.jeditaskid = c.jeditaskid AND d.datasetid = c.datasetid AND d.type IN ('trn_output','trn_log'))
      AND NOT EXISTS (SELECT 1 FROM panda_ops.registered_output r WHERE r.scope = coalesce(c.scope,'') AND r.lfn = c.lfn)`,
  ),
  invariant(
    'F4',
    'Q',
    'every output of a finished job is finished',
    `
    SELECT f.pandaid, f.lfn, c.status FROM doma_panda.filestable4 f
    JOIN doma_panda.jobsarchived4 j ON j.pandaid = f.pandaid AND j.jobstatus = 'finished'
    JOIN doma_panda.jedi_dataset_contents c ON c.jeditaskid = f.jeditaskid AND c.datasetid = f.datasetid AND c.fileid = f.fileid
    WHERE f.type IN ('output','log') AND c.type IN ('output','log') AND c.status NOT IN ('finished','nooutput','merging','lost')`,
  ),
  invariant(
    'F5',
    'A',
    'no output of a failed job is finished',
    `
    SELECT c.jeditaskid, c.datasetid, c.fileid, j.pandaid, j.jobstatus FROM doma_panda.jedi_dataset_contents c
    JOIN doma_panda.filestable4 f ON f.jeditaskid = c.jeditaskid AND f.datasetid = c.datasetid AND f.fileid = c.fileid AND f.type IN ('output','log')
    JOIN doma_panda.jobsarchived4 j ON j.pandaid = f.pandaid
    WHERE c.status = 'finished' AND j.jobstatus <> 'finished'
      AND NOT EXISTS (SELECT 1 FROM doma_panda.filestable4 f2 JOIN doma_panda.jobsarchived4 j2 ON j2.pandaid = f2.pandaid AND j2.jobstatus = 'finished'
                      WHERE f2.jeditaskid = c.jeditaskid AND f2.datasetid = c.datasetid AND f2.fileid = c.fileid)`,
  ),
  invariant(
    'F6',
    'Q',
    'a finished input has exactly one finished job',
    `
    SELECT c.jeditaskid, c.datasetid, c.fileid, count(j.pandaid) AS jobs FROM doma_panda.jedi_dataset_contents c
    JOIN doma_panda.jedi_tasks t ON t.jeditaskid = c.jeditaskid AND t.eventservice IS NULL
    JOIN doma_panda.jedi_datasets d ON d.jeditaskid = c.jeditaskid AND d.datasetid = c.datasetid AND d.masterid IS NULL
    LEFT JOIN doma_panda.job_files f ON f.jeditaskid = c.jeditaskid AND f.datasetid = c.datasetid AND f.fileid = c.fileid AND f.type IN ('input','pseudo_input')
    LEFT JOIN doma_panda.jobs j ON j.pandaid = f.pandaid AND j.is_final AND j.jobstatus = 'finished' AND coalesce(j.processingtype,'') <> 'pmerge'
    WHERE c.type IN ('input','pseudo_input') AND c.status = 'finished' GROUP BY 1, 2, 3 HAVING count(j.pandaid) <> 1`,
  ),
  invariant(
    'F7',
    'A',
    'a picked file belongs to a task somebody holds',
    `
    SELECT c.jeditaskid, c.datasetid, c.fileid FROM doma_panda.jedi_dataset_contents c JOIN doma_panda.jedi_tasks t USING (jeditaskid)
    WHERE c.status = 'picked' AND (t.lockedby IS NULL OR t.lockedtime < panda_ops.utc_now() - interval '1 hour')`,
  ),
  invariant(
    'F8',
    'A',
    'sizes, events and attempts are sane',
    `
    SELECT jeditaskid, datasetid, fileid FROM doma_panda.jedi_dataset_contents
    WHERE fsize < 0 OR nevents < 0 OR startevent > endevent OR attemptnr < 0 OR failedattempt > attemptnr`,
  ),
];
