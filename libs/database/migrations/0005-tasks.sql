-- Tasks. Children of a task are partitioned by jediTaskID blocks, so that old ones go by dropping a partition (0021).

create table doma_panda.jedi_tasks (
  jeditaskid bigint not null, taskname varchar(256), status varchar(64) not null, username varchar(128) not null,
  creationdate timestamp default panda_ops.utc_now() not null,
  modificationtime timestamp default panda_ops.utc_now() not null, reqid integer, oldstatus varchar(64),
  cloud varchar(10), site varchar(60), starttime timestamp, endtime timestamp, frozentime timestamp,
  prodsourcelabel varchar(20), workinggroup varchar(32), vo varchar(32), corecount integer, tasktype varchar(64),
  processingtype varchar(64), taskpriority integer, currentpriority integer, architecture varchar(256),
  transuses varchar(64), transhome varchar(128), transpath varchar(128), lockedby varchar(56),
  lockedtime timestamp, termcondition varchar(100), splitrule varchar(200), walltime integer,
  walltimeunit varchar(32), outdiskcount integer, outdiskunit varchar(32), workdiskcount integer,
  workdiskunit varchar(32), ramcount integer, ramunit varchar(32), iointensity integer,
  iointensityunit varchar(32), workqueue_id integer, progress smallint, failurerate smallint,
  errordialog varchar(510), countrygroup varchar(20), parent_tid bigint, eventservice smallint,
  ticketid varchar(50), ticketsystemtype varchar(32), statechangetime timestamp, superstatus varchar(64),
  campaign varchar(32), mergeramcount integer, mergeramunit varchar(32), mergewalltime integer,
  mergewalltimeunit varchar(32), throttledtime timestamp, numthrottled smallint, mergecorecount integer,
  goal smallint, assessmenttime timestamp, cputime integer, cputimeunit varchar(32), cpuefficiency smallint,
  basewalltime integer, amiflag_old varchar(10), amiflag integer default 1, nucleus varchar(52),
  baseramcount integer, ttcrequested timestamp, ttcpredicted timestamp, ttcpredictiondate timestamp,
  rescuetime timestamp, requesttype varchar(32), gshare varchar(32), usejumbo char(1), resource_type varchar(56),
  diskio integer, diskiounit varchar(32), memory_leak_core bigint, memory_leak_x2 numeric(14, 3),
  attemptnr smallint, container_name varchar(200), job_label varchar(20), realmodificationtime timestamp,
  framework varchar(50), activatedtime timestamp, queuedtime timestamp, actiontime timestamp,
  primary key (jeditaskid)
) partition by range (jeditaskid);
create index on doma_panda.jedi_tasks (status, workqueue_id, prodsourcelabel, jeditaskid);
create index on doma_panda.jedi_tasks (reqid, username);
create index on doma_panda.jedi_tasks (parent_tid);
create index on doma_panda.jedi_tasks (lower(taskname), username);
create index on doma_panda.jedi_tasks (creationdate);
create index on doma_panda.jedi_tasks (gshare, resource_type, currentpriority desc, jeditaskid)
  where status in ('ready', 'running', 'scouting', 'topreprocess', 'preprocessing');

-- realmodificationtime follows every touch, also those that set modificationtime back to be picked sooner.
create function doma_panda.jedi_tasks_touched() returns trigger language plpgsql as $$
begin
  new.realmodificationtime := panda_ops.utc_now();
  return new;
end $$;
create trigger jedi_tasks_touched before update of modificationtime on doma_panda.jedi_tasks
  for each row execute function doma_panda.jedi_tasks_touched();

create table doma_panda.jedi_taskparams (
  jeditaskid bigint not null, taskparams text,
  primary key (jeditaskid)
) partition by range (jeditaskid);

create table doma_panda.jedi_jobparams_template (
  jeditaskid bigint not null, jobparamstemplate text,
  primary key (jeditaskid)
) partition by range (jeditaskid);

create table doma_panda.jedi_output_template (
  jeditaskid bigint not null, datasetid bigint not null, outtempid bigint default nextval('doma_panda.jedi_output_template_id_seq') not null,
  filenametemplate varchar(256) not null, maxserialnr integer, serialnr integer, sourcename varchar(256),
  streamname varchar(20), outtype varchar(20),
  primary key (jeditaskid, datasetid, outtempid)
) partition by range (jeditaskid);

create table doma_panda.tasks_statuslog (
  jeditaskid bigint not null, modificationtime timestamp default panda_ops.utc_now() not null,
  status varchar(64) not null, modificationhost varchar(128), attemptnr smallint, reason varchar(255)
) partition by range (modificationtime);
create index on doma_panda.tasks_statuslog (jeditaskid);
create index on doma_panda.tasks_statuslog using brin (modificationtime);

create table doma_panda.task_attempts (
  jeditaskid bigint not null, attemptnr integer not null, starttime timestamp default panda_ops.utc_now() not null, endtime timestamp,
  startstatus varchar(32), endstatus varchar(32),
  primary key (jeditaskid, attemptnr, starttime)
);

create table doma_panda.task_evaluation (
  jeditaskid bigint not null, metric varchar(128) not null, value_json text, timestamp timestamp,
  primary key (jeditaskid, metric)
);

create table doma_panda.task_metrics (
  jeditaskid bigint not null, creationtime timestamp, modificationtime timestamp default panda_ops.utc_now() not null, data text,
  primary key (jeditaskid, modificationtime)
);

create table doma_panda.cache (
  main_key varchar(56) not null, sub_key varchar(56) not null, data text, last_update timestamp,
  primary key (main_key, sub_key)
);
