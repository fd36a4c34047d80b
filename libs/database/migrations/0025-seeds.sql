-- Rows every installation starts with (upstream's PostgreSQL seeds, plus retry actions of Spec: Job Retry Module). Never overwrites.

insert into doma_panda.jedi_work_queue (queue_id, queue_name, queue_type, vo, status, queue_function) values
  (1, 'test_queue', 'test', 'wlcg', 'active', 'Resource'), (2, 'managed_queue', 'managed', 'wlcg', 'active', 'Resource'),
  (3, 'user_queue', 'user', 'wlcg', 'active', 'Resource')
on conflict do nothing;

-- 'Undefined' is the mandatory catch-all; the others are classes by cores and MB of memory per core.
insert into doma_panda.resource_types (resource_name, mincore, maxcore, minrampercore, maxrampercore) values
  ('Undefined', 1, null, null, null), ('SCORE', 1, 1, 0, 2000), ('SCORE_HIMEM', 1, 1, 2001, null),
  ('MCORE', 2, null, 0, 2000), ('MCORE_HIMEM', 2, null, 2001, null)
on conflict do nothing;

-- Spec: Admin guide › Registration of Resource Groups … prints INSERTs of rows that are seeded here. They shall run as
-- printed, so a row somebody inserts takes the place of the seed of that name or number.
create function doma_panda.seed_gives_way() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'resource_types' then
    delete from doma_panda.resource_types where resource_name = new.resource_name;
  else
    delete from doma_panda.jedi_work_queue where queue_id = new.queue_id
      or (queue_name, queue_type, vo) = (new.queue_name, new.queue_type, new.vo);
  end if;
  return new;
end $$;
create trigger seed_gives_way before insert on doma_panda.resource_types for each row execute function doma_panda.seed_gives_way();
create trigger seed_gives_way before insert on doma_panda.jedi_work_queue for each row execute function doma_panda.seed_gives_way();

-- An example tree; operators replace it. Patterns are regular expressions. Spec: Global Shares.
insert into doma_panda.global_shares (name, value, parent, prodsourcelabel) values
  ('Production', 60, null, 'managed'), ('User Analysis', 30, null, 'user|panda'), ('Test', 10, null, '.*test.*|install')
on conflict do nothing;

insert into doma_panda.config (app, component, key, value, type, vo, descr) values
  ('pandaserver', 'job_timeout', 'TIMEOUT_defined', '30', 'int', 'wlcg', 'Minutes a job may stay defined'),
  ('pandaserver', 'job_timeout', 'TIMEOUT_holding', '30', 'int', 'wlcg', 'Minutes a job may stay holding')
on conflict do nothing;

insert into doma_panda.retryactions (retryaction_id, retry_action, active, retry_description) values
  (1, 'no_retry', 'Y', 'Do not retry the job again for certain hopeless errors.'),
  (2, 'limit_retry', 'Y', 'Limit the number of retries to a certain maximum.'),
  (3, 'increase_memory', 'Y', 'Submit next job retries with a higher memory requirement.'),
  (4, 'increase_cputime', 'Y', 'Submit next job retries with a longer walltime requirement.')
on conflict do nothing;

insert into doma_panda.pandadb_version (component, major, minor, patch) values ('SCHEMA', 0, 1, 6), ('FLEET', 1, 0, 0), ('SERVER', 0, 1, 6), ('JEDI', 0, 1, 6)
on conflict do nothing;
