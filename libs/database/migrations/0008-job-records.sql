-- What is written about jobs besides the job and its files.

create table doma_panda.jobs_statuslog (
  pandaid bigint not null, modificationtime timestamp default panda_ops.utc_now() not null,
  jobstatus varchar(15) not null, prodsourcelabel varchar(20), cloud varchar(50), computingsite varchar(128),
  modificationhost varchar(128), modiftime_extended timestamp default panda_ops.utc_now()
) partition by range (modificationtime);
create index on doma_panda.jobs_statuslog (pandaid);
create index on doma_panda.jobs_statuslog using brin (modificationtime);

-- Reports wait here for the adder; the row goes in the transaction that settles the job.
create table doma_panda.job_output_report (
  pandaid bigint not null, prodsourcelabel varchar(20), jobstatus varchar(15) not null,
  attemptnr smallint not null, data text, "timestamp" timestamp default panda_ops.utc_now() not null,
  lockedby varchar(56), lockedtime timestamp,
  primary key (pandaid, attemptnr)
);
create index on doma_panda.job_output_report ("timestamp");

create table doma_panda.jedi_job_retry_history (
  jeditaskid bigint not null, oldpandaid bigint not null, newpandaid bigint not null,
  ins_utc_tstamp timestamp default panda_ops.utc_now() not null, relationtype varchar(32), originpandaid bigint,
  unique nulls not distinct (jeditaskid, oldpandaid, newpandaid, originpandaid, ins_utc_tstamp)
) partition by range (ins_utc_tstamp);
create index on doma_panda.jedi_job_retry_history (jeditaskid, newpandaid);
create index on doma_panda.jedi_job_retry_history (oldpandaid);
create index on doma_panda.jedi_job_retry_history (originpandaid);

create table doma_panda.jobsdebug (
  pandaid bigint not null, stdout varchar(2048),
  primary key (pandaid)
);

create table doma_panda.job_metrics (
  pandaid bigint not null, jeditaskid bigint, creationtime timestamp, modificationtime timestamp default panda_ops.utc_now() not null, data text,
  primary key (pandaid, modificationtime)
);

create table doma_panda.datasets (
  vuid varchar(40) not null, name varchar(255) not null, version varchar(10), type varchar(20), status varchar(10),
  numberfiles integer, currentfiles integer, creationdate timestamp,
  modificationdate timestamp default panda_ops.utc_now() not null, moverid bigint default 0 not null,
  transferstatus smallint default 0 not null, subtype varchar(5),
  primary key (vuid)
);
create index on doma_panda.datasets (name);
create index on doma_panda.datasets (modificationdate);
create index on doma_panda.datasets (type, status, modificationdate, subtype);

create table doma_panda.tablepart4copying (
  table_name varchar(63) not null, partition_name varchar(63) not null, copied_to_arch varchar(10) not null,
  copying_done_on timestamp, deleted_on timestamp, data_verif_passed char(3), data_verified_on timestamp,
  primary key (table_name, partition_name, copied_to_arch)
);

create table doma_panda.tmp_pandaids_relations (
  pandaid bigint not null, newjobid bigint not null
);

create table doma_panda.sql_queue (
  topic varchar(50), pandaid bigint, execution_order integer, jeditaskid bigint, creationtime timestamp,
  data varchar(4000),
  primary key (topic, pandaid, execution_order)
);
