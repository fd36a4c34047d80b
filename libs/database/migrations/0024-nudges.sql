-- nudge(): the one place that writes outbox rows. A nudge carries ids only, at most 1000 a message, and wakes the relay at COMMIT.

create function panda_ops.nudge(p_topic text, p_ids bigint[], p_about text default 'task') returns integer language sql as $$
  with wanted as (select distinct id from unnest(p_ids) as id),
  numbered as (select id, (row_number() over (order by id) - 1) / 1000 as chunk from wanted),
  messages as (select chunk, array_agg(id order by id) as ids from numbered group by chunk),
  written as (
    insert into panda_ops.outbox (aggregate, type, routing_key, payload)
    select case when cardinality(ids) = 1 then p_about || ':' || ids[1] else 'batch:' || p_topic end, p_topic, p_topic,
      jsonb_build_object('ids', to_jsonb(ids))
    from messages order by chunk returning 1),
  woken as (select pg_notify('panda_outbox', '') where exists (select from written))
  select (select count(*) from written)::integer + 0 * (select count(*) from woken)::integer
$$;

-- An outside production system hands in tasks and commands by INSERT; the row wakes the agent like an API call does.
create function doma_deft.t_task_handed_in() returns trigger language plpgsql as $$
begin
  perform panda_ops.nudge('task.submitted', array[new.taskid]);
  return null;
end $$;
create trigger t_task_handed_in after insert on doma_deft.t_task for each row when (new.status = 'waiting')
  execute function doma_deft.t_task_handed_in();

create function doma_deft.prodsys_comm_handed_in() returns trigger language plpgsql as $$
begin
  perform panda_ops.nudge('task.commanded', array[new.comm_task]);
  return null;
end $$;
create trigger prodsys_comm_handed_in after insert on doma_deft.prodsys_comm for each row
  execute function doma_deft.prodsys_comm_handed_in();
