-- Task intake, shared with outside production systems: they may INSERT here by SQL (triggers: 0023). Spec: Task Parameters.

create table doma_deft.t_task (
  taskid bigint default nextval('doma_deft.prodsys2_task_id_seq') not null, parent_tid bigint, status varchar(12), total_done_jobs bigint,
  submit_time timestamp(0) default panda_ops.utc_now() not null, start_time timestamp(0), timestamp timestamp(0), vo varchar(32),
  prodsourcelabel varchar(20), taskname varchar(256), username varchar(128), priority bigint,
  current_priority bigint, total_req_jobs bigint, chain_tid bigint, total_events bigint, jedi_task_parameters text,
  total_input_events bigint,
  primary key (taskid)
);
create index on doma_deft.t_task (status, prodsourcelabel);
create index on doma_deft.t_task (taskname);
create index on doma_deft.t_task (username);

-- One row per task and command; a newer command replaces an unprocessed older one (reliability T6).
create table doma_deft.prodsys_comm (
  comm_task bigint not null, comm_meta bigint, comm_owner varchar(32), comm_cmd varchar(256), comm_ts bigint,
  comm_comment varchar(128), comm_parameters text
);
create index on doma_deft.prodsys_comm (comm_task);
create index on doma_deft.prodsys_comm (comm_owner, comm_cmd, comm_ts);
