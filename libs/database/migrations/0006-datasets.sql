-- Datasets of tasks, their files and event ranges. jedi_dataset_contents is the largest table of an installation.

create table doma_panda.jedi_datasets (
  jeditaskid bigint not null, datasetid bigint default nextval('doma_panda.jedi_datasets_id_seq') not null, datasetname varchar(255) not null,
  type varchar(20) not null, creationtime timestamp default panda_ops.utc_now() not null,
  modificationtime timestamp default panda_ops.utc_now() not null, vo varchar(32), cloud varchar(10),
  site varchar(60), masterid bigint, provenanceid bigint, containername varchar(255), status varchar(20),
  state varchar(20), statechecktime timestamp, statecheckexpiration timestamp, frozentime timestamp, nfiles bigint,
  nfilestobeused bigint, nfilesused bigint, nfilesonhold bigint, nevents bigint, neventstobeused bigint,
  neventsused bigint, lockedby varchar(56), lockedtime timestamp, nfilesfinished bigint, nfilesfailed bigint,
  attributes varchar(100), streamname varchar(20), storagetoken varchar(100), destination varchar(60),
  templateid bigint, nfileswaiting bigint, nfilesmissing bigint,
  primary key (jeditaskid, datasetid)
) partition by range (jeditaskid);
create index on doma_panda.jedi_datasets (datasetid);
create index on doma_panda.jedi_datasets (datasetname, type, jeditaskid);
create index on doma_panda.jedi_datasets (containername);
create index on doma_panda.jedi_datasets (jeditaskid, type);

-- Files by (task, dataset): the primary key. Partial index: what the feeder and the generator look for.
create table doma_panda.jedi_dataset_contents (
  jeditaskid bigint not null, datasetid bigint not null, fileid bigint default nextval('doma_panda.jedi_dataset_cont_fileid_seq') not null,
  creationdate timestamp default panda_ops.utc_now() not null, lastattempttime timestamp,
  lfn varchar(4000) not null, guid varchar(64), type varchar(20) not null, status varchar(64) not null,
  fsize bigint, scope varchar(30), attemptnr smallint, maxattempt smallint, nevents bigint, keeptrack smallint,
  startevent bigint, endevent bigint, firstevent bigint, boundaryid bigint, pandaid bigint, failedattempt smallint,
  lumiblocknr bigint, outpandaid bigint, maxfailure smallint, ramcount bigint default 0, is_waiting char(1),
  jobsetid bigint, proc_status varchar(64), constituent_id bigint, checksum varchar(36),
  primary key (jeditaskid, datasetid, fileid)
) partition by range (jeditaskid);
create index on doma_panda.jedi_dataset_contents (pandaid) where pandaid is not null;
create index on doma_panda.jedi_dataset_contents (jeditaskid, datasetid, fileid) where status in ('ready', 'pending', 'staging', 'lost');

create table doma_panda.jedi_dataset_locality (
  jeditaskid bigint not null, datasetid bigint not null, rse varchar(64) not null,
  timestamp timestamp default panda_ops.utc_now() not null,
  primary key (jeditaskid, datasetid, rse)
);

create table doma_panda.jedi_events (
  jeditaskid bigint not null, pandaid bigint not null, fileid bigint not null, job_processid bigint not null,
  datasetid bigint not null, status smallint not null, def_min_eventid bigint, def_max_eventid bigint,
  processed_upto_eventid bigint, attemptnr smallint, objstore_id bigint, event_offset bigint, is_jumbo smallint,
  ziprow_id bigint, file_not_deleted char(1), error_code integer, path_convention smallint, error_diag varchar(500),
  primary key (jeditaskid, pandaid, fileid, job_processid)
) partition by range (jeditaskid);
create index on doma_panda.jedi_events (fileid);
create index on doma_panda.jedi_events (pandaid, status);
