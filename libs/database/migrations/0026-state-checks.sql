-- States the machines of libs/domain know, and only they, may be stored. Generated from them; a test compares (state-checks.spec.ts).
-- A new state needs a new migration that replaces the constraint: NOT VALID first, then VALIDATE, so that nothing is blocked.

alter table doma_panda.jedi_tasks add constraint task_status
  check (status in ('registered', 'staging', 'staged', 'topreprocess', 'preprocessing', 'defined', 'assigning',
    'ready', 'pending', 'scouting', 'scouted', 'running', 'throttled', 'prepared', 'passed', 'exhausted',
    'finishing', 'toretry', 'toincexec', 'rerefine', 'toreassign', 'reassigning', 'aborting', 'toabort',
    'tobroken', 'paused', 'done', 'finished', 'failed', 'broken', 'aborted'));
alter table doma_panda.jedi_tasks add constraint task_oldstatus
  check (oldstatus is null or oldstatus in ('registered', 'staging', 'staged', 'topreprocess', 'preprocessing', 'defined',
    'assigning', 'ready', 'pending', 'scouting', 'scouted', 'running', 'throttled', 'prepared',
    'passed', 'exhausted', 'finishing', 'toretry', 'toincexec', 'rerefine', 'toreassign', 'reassigning',
    'aborting', 'toabort', 'tobroken', 'paused', 'done', 'finished', 'failed', 'broken', 'aborted'));
alter table doma_panda.jobs add constraint job_status
  check (jobstatus in ('waiting', 'pending', 'defined', 'assigned', 'activated', 'throttled', 'sent',
    'starting', 'running', 'stagein', 'stageout', 'holding', 'transferring', 'merging', 'finished',
    'failed', 'closed', 'cancelled'));
alter table doma_panda.jobs add constraint job_is_final
  check (is_final = (jobstatus in ('finished', 'failed', 'closed', 'cancelled')));
alter table doma_panda.jedi_datasets add constraint dataset_status
  check (status is null or status in ('defined', 'toupdate', 'pending', 'ready', 'done', 'finished', 'failed', 'broken', 'removed', 'registered', 'running', 'prepared'));
alter table doma_panda.jedi_dataset_contents add constraint file_status
  check (status in ('ready', 'pending', 'staging', 'missing', 'lost', 'broken', 'picked', 'running', 'merging',
    'partial', 'finished', 'failed', 'cancelled', 'defined', 'prepared', 'nooutput', 'notmerged'));
alter table doma_panda.jedi_events add constraint event_status
  check (status in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 98, 99));
alter table doma_panda.harvester_workers add constraint worker_status
  check (status in ('pending', 'ready', 'submitted', 'idle', 'running', 'finished', 'failed', 'cancelled', 'missed'));
