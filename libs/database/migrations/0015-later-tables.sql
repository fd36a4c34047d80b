-- Tables upstream added after the specification date: data carousel and workflows.

create table doma_panda.data_carousel_requests (
  request_id bigint default nextval('doma_panda.jedi_data_carousel_request_id_seq') not null, dataset varchar(256) not null, source_rse varchar(64), destination_rse varchar(64),
  ddm_rule_id varchar(64), status varchar(32), total_files bigint, staged_files bigint, dataset_size bigint,
  staged_size bigint, creation_time timestamp, start_time timestamp, end_time timestamp,
  modification_time timestamp, check_time timestamp, source_tape varchar(64), parameters jsonb not null,
  last_staged_time timestamp, locked_by varchar(64), lock_time timestamp,
  primary key (request_id)
);

-- Upstream keys this on request_id alone although tasks share requests; the pair is the fact.
create table doma_panda.data_carousel_relations (
  request_id bigint not null, task_id bigint not null,
  primary key (request_id, task_id)
);
create index on doma_panda.data_carousel_relations (task_id);

create table doma_panda.workflows (
  workflow_id bigint default nextval('doma_panda.workflow_id_seq') not null, name varchar(256), parent_id bigint, loop_count bigint, status varchar(32),
  prodsourcelabel varchar(32), username varchar(128), creation_time timestamp, start_time timestamp,
  end_time timestamp, modification_time timestamp, locked_by varchar(64), lock_time timestamp,
  raw_request_json jsonb, definition_json jsonb, parameters jsonb,
  primary key (workflow_id)
);

create table doma_panda.workflow_steps (
  step_id bigint default nextval('doma_panda.workflow_step_id_seq') not null, name varchar(256), workflow_id bigint not null, member_id bigint not null,
  type varchar(32), status varchar(32), flavor varchar(32), target_id varchar(128), creation_time timestamp,
  start_time timestamp, end_time timestamp, modification_time timestamp, locked_by varchar(64),
  lock_time timestamp, definition_json jsonb, parameters jsonb,
  primary key (step_id)
);
create index on doma_panda.workflow_steps (workflow_id);

create table doma_panda.workflow_data (
  data_id bigint default nextval('doma_panda.workflow_data_id_seq') not null, name varchar(256), workflow_id bigint not null, source_step_id bigint, type varchar(32),
  status varchar(32), flavor varchar(32), target_id varchar(256), creation_time timestamp, start_time timestamp,
  end_time timestamp, modification_time timestamp, locked_by varchar(64), lock_time timestamp, metadata jsonb,
  parameters jsonb,
  primary key (data_id)
);
create index on doma_panda.workflow_data (workflow_id);
