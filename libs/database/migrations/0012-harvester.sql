-- Harvester: instances, workers, commands.
-- Workers are keyed by (harvesterID, workerID) alone (the original partitions on lastUpdate): newest report wins, one row each (W1).

create table doma_panda.harvester_instances (
  harvester_id varchar(50) not null, description varchar(200), starttime timestamp, owner varchar(100),
  hostname varchar(100), lastupdate timestamp, sw_version varchar(50), commit_stamp varchar(100),
  primary key (harvester_id)
);

create table doma_panda.harvester_workers (
  harvesterid varchar(50) not null, workerid bigint not null,
  lastupdate timestamp default panda_ops.utc_now() not null, status varchar(80) not null, batchid varchar(80),
  nodeid varchar(80), queuename varchar(80), computingsite varchar(128), submittime timestamp, starttime timestamp,
  endtime timestamp, ncore integer, errorcode integer, stdout varchar(250), stderr varchar(250),
  batchlog varchar(250), resourcetype varchar(56), nativeexitcode integer, nativestatus varchar(80),
  diagmessage varchar(500), computingelement varchar(128), njobs integer, submissionhost varchar(128),
  harvesterhost varchar(128), jdl varchar(250), jobtype varchar(52), pilotstarttime timestamp,
  pilotendtime timestamp, pilotstatus varchar(80), pilotstatussynctime timestamp, minramcount integer,
  primary key (harvesterid, workerid)
) with (fillfactor = 80);
create index on doma_panda.harvester_workers (computingsite, status);
create index on doma_panda.harvester_workers (lastupdate);
create index on doma_panda.harvester_workers (status, pilotstatus);

create table doma_panda.harvester_rel_jobs_workers (
  harvesterid varchar(50) not null, workerid bigint not null, pandaid bigint not null,
  lastupdate timestamp default panda_ops.utc_now() not null,
  primary key (harvesterid, workerid, pandaid)
) partition by range (pandaid);
create index on doma_panda.harvester_rel_jobs_workers (pandaid);

create table doma_panda.harvester_worker_stats (
  harvester_id varchar(50) not null, computingsite varchar(128) not null, resourcetype varchar(56) not null,
  status varchar(80) not null, jobtype varchar(52) not null, n_workers integer,
  lastupdate timestamp default panda_ops.utc_now() not null,
  primary key (harvester_id, computingsite, resourcetype, status, jobtype)
);

create table doma_panda.harvester_commands (
  command_id bigint default nextval('doma_panda.harvester_command_id_seq') not null, command varchar(200), harvester_id varchar(50), ack_requested smallint,
  creation_date timestamp, status varchar(32), status_date timestamp, params text,
  primary key (command_id)
);
create index on doma_panda.harvester_commands (harvester_id, status, command_id);

create table doma_panda.harvester_command_lock (
  harvester_id varchar(50) not null, computingsite varchar(128) not null, resourcetype varchar(56) not null,
  command varchar(200) not null, lockedtime timestamp, lockedby varchar(56),
  primary key (harvester_id, computingsite, resourcetype, command)
);

create table doma_panda.harvester_dialogs (
  harvester_id varchar(50) not null, diagid bigint not null, modulename varchar(100), identifier varchar(100),
  creationtime timestamp default panda_ops.utc_now() not null, messagelevel varchar(10), diagmessage varchar(500)
) partition by range (creationtime);
create index on doma_panda.harvester_dialogs (harvester_id, diagid);
create index on doma_panda.harvester_dialogs (modulename, harvester_id);

create table doma_panda.harvester_metrics (
  harvester_id varchar(50) not null, creation_time timestamp default panda_ops.utc_now() not null,
  harvester_host varchar(100), metrics varchar(4000)
) partition by range (creation_time);
create index on doma_panda.harvester_metrics (harvester_id, creation_time, harvester_host);

create table doma_panda.harvester_slots (
  pandaqueuename varchar(128) not null, gshare varchar(32), resourcetype varchar(56), numslots bigint not null,
  modificationtime timestamp default panda_ops.utc_now() not null, expirationtime timestamp,
  unique nulls not distinct (pandaqueuename, gshare, resourcetype)
);

create table doma_panda.pandalog (
  bintime timestamp default panda_ops.utc_now() not null, name varchar(30), module varchar(30),
  loguser varchar(80), type varchar(20), pid bigint default 0 not null, loglevel integer default 0 not null,
  levelname varchar(30), time varchar(30), filename varchar(100), line integer default 0 not null,
  message varchar(4000)
) partition by range (bintime);
create index on doma_panda.pandalog (bintime, type);
create index on doma_panda.pandalog (bintime, name, type, levelname);

create table doma_panda.pandalog_fax (
  bintime timestamp default panda_ops.utc_now() not null, name varchar(30), module varchar(30),
  loguser varchar(80), type varchar(20), pid bigint default 0, loglevel integer default 0, levelname varchar(30),
  time varchar(30), filename varchar(100), line integer default 0, message varchar(4000)
);
