-- One jobs table: LIST-partitioned on is_final, the final side by month of the final change. A job is never copied between
-- tables while it lives; becoming final is one UPDATE that PostgreSQL carries out as a row movement. The classic names are
-- views (0017). PandaIDs are unique per partition (primary key) and over partitions by their sequence: a partitioned
-- primary key would have to contain is_final, and would then guard nothing.
-- Rejected: jobs partitioned by PandaID blocks (hot and cold rows in the same pages), a side table of ids (one more write per job).

create table doma_panda.jobs (
  pandaid bigint default nextval('doma_panda.jobsdefined4_pandaid_seq') not null,
  jobdefinitionid bigint default 0 not null, schedulerid varchar(128), pilotid varchar(200),
  creationtime timestamp default panda_ops.utc_now() not null, creationhost varchar(128),
  modificationtime timestamp default panda_ops.utc_now() not null, modificationhost varchar(128),
  atlasrelease varchar(64), transformation varchar(250), homepackage varchar(80), prodserieslabel varchar(20),
  prodsourcelabel varchar(20) default 'managed', produserid varchar(250),
  assignedpriority integer default 0 not null, currentpriority integer default 0 not null,
  attemptnr smallint default 0 not null, maxattempt smallint default 0 not null, jobstatus varchar(15) not null,
  jobname varchar(256), maxcpucount bigint default 0 not null, maxcpuunit varchar(32),
  maxdiskcount bigint default 0 not null, maxdiskunit char(4), ipconnectivity char(5),
  minramcount bigint default 0 not null, minramunit char(2), starttime timestamp, endtime timestamp,
  cpuconsumptiontime numeric(20) default 0 not null, cpuconsumptionunit varchar(128), commandtopilot varchar(250),
  transexitcode varchar(128), piloterrorcode integer default 0 not null, piloterrordiag varchar(500),
  exeerrorcode integer default 0 not null, exeerrordiag varchar(500), superrorcode integer default 0 not null,
  superrordiag varchar(250), ddmerrorcode integer default 0 not null, ddmerrordiag varchar(700),
  brokerageerrorcode integer default 0 not null, brokerageerrordiag varchar(250),
  jobdispatchererrorcode integer default 0 not null, jobdispatchererrordiag varchar(250),
  taskbuffererrorcode integer default 0 not null, taskbuffererrordiag varchar(300), computingsite varchar(128),
  computingelement varchar(128), jobparameters text, metadata text, proddblock varchar(255),
  dispatchdblock varchar(255), destinationdblock varchar(255), destinationse varchar(250),
  nevents bigint default 0 not null, grid varchar(50), cloud varchar(50), cpuconversion numeric(9, 4),
  sourcesite varchar(36), destinationsite varchar(36), transfertype varchar(10), taskid integer,
  cmtconfig varchar(250), statechangetime timestamp default panda_ops.utc_now() not null,
  proddbupdatetime timestamp, lockedby varchar(128), relocationflag smallint default 0,
  jobexecutionid bigint default 0, vo varchar(32), pilottiming varchar(100), workinggroup varchar(20),
  processingtype varchar(64), produsername varchar(60), ninputfiles integer, countrygroup varchar(20),
  batchid varchar(80), parentid bigint, specialhandling varchar(80), jobsetid bigint, corecount smallint,
  ninputdatafiles integer, inputfiletype varchar(32), inputfileproject varchar(64), inputfilebytes bigint,
  noutputdatafiles integer, outputfilebytes bigint, jobmetrics varchar(500), workqueue_id integer,
  jeditaskid bigint, jobsubstatus varchar(80), actualcorecount integer, reqid integer, maxrss bigint,
  maxvmem bigint, maxswap bigint, maxpss bigint, avgrss bigint, avgvmem bigint, avgswap bigint, avgpss bigint,
  maxwalltime bigint, nucleus varchar(52), eventservice smallint, failedattempt smallint, hs06sec bigint,
  gshare varchar(32), hs06 bigint, totrchar bigint, totwchar bigint, totrbytes bigint, totwbytes bigint,
  raterchar bigint, ratewchar bigint, raterbytes bigint, ratewbytes bigint, resource_type varchar(56),
  diskio integer, memory_leak bigint, memory_leak_x2 numeric(14, 3), container_name varchar(200),
  job_label varchar(20), meancorecount numeric(8, 2), gco2_regional numeric(10, 2), gco2_global numeric(10, 2),
  cpu_architecture_level varchar(20), outputfiletype varchar(32), is_final boolean default false not null
) partition by list (is_final);

-- fillfactor 80 and no index on a column that heartbeats write (modificationtime …): heartbeats stay HOT updates.
create table doma_panda.jobs_live partition of doma_panda.jobs (primary key (pandaid))
  for values in (false)
  with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
create table doma_panda.jobs_final partition of doma_panda.jobs for values in (true) partition by range (statechangetime);
create table doma_panda.jobs_final_rest partition of doma_panda.jobs_final (primary key (pandaid)) default;

-- Hand-out: best priority of one share at one queue, with or without a wanted resource type.
create index jobs_handout on doma_panda.jobs_live (computingsite, gshare, currentpriority desc, pandaid)
  where jobstatus = 'activated';
create index jobs_handout_typed on doma_panda.jobs_live (computingsite, resource_type, gshare, currentpriority desc, pandaid)
  where jobstatus = 'activated';
create index on doma_panda.jobs_live (jeditaskid, jobstatus);
create index on doma_panda.jobs_live (jobstatus, statechangetime) where jobstatus <> 'activated';
create index on doma_panda.jobs_live (produsername, jobstatus);
create index on doma_panda.jobs_live (jobsetid) where jobsetid is not null;
create index on doma_panda.jobs_live (reqid) where reqid is not null;

create index on doma_panda.jobs_final (pandaid);
create index on doma_panda.jobs_final (jeditaskid, jobstatus, pandaid);
create index on doma_panda.jobs_final (computingsite, jobstatus, statechangetime);
create index on doma_panda.jobs_final (produsername, statechangetime);
create index on doma_panda.jobs_final (jobsetid) where jobsetid is not null;
create index on doma_panda.jobs_final (reqid) where reqid is not null;
create index on doma_panda.jobs_final using brin (statechangetime);

-- Files, parameters and metadata of jobs: partitioned by PandaID blocks, which are time ranges, since PandaIDs grow with time.
create table doma_panda.job_files (
  row_id bigint default nextval('doma_panda.filestable4_row_id_seq') not null, pandaid bigint not null,
  modificationtime timestamp default panda_ops.utc_now() not null, guid varchar(64), lfn varchar(4000),
  type varchar(20), dataset varchar(255), status varchar(64), proddblock varchar(255),
  proddblocktoken varchar(250), dispatchdblock varchar(255), dispatchdblocktoken varchar(250),
  destinationdblock varchar(255), destinationdblocktoken varchar(250), destinationse varchar(250),
  fsize bigint default 0 not null, md5sum varchar(36), scope varchar(30), jeditaskid bigint, datasetid bigint,
  fileid bigint, attemptnr smallint,
  primary key (pandaid, row_id)
) partition by range (pandaid);
create index on doma_panda.job_files (jeditaskid, datasetid, fileid);
create index on doma_panda.job_files (dispatchdblock) where dispatchdblock is not null;

create table doma_panda.job_params (
  pandaid bigint primary key, modificationtime timestamp default panda_ops.utc_now() not null, jobparameters text
) partition by range (pandaid);

create table doma_panda.job_metadata (
  pandaid bigint primary key, modificationtime timestamp default panda_ops.utc_now() not null, metadata text
) partition by range (pandaid);

-- lz4 halves the CPU of reading job parameters; servers built without it keep the default.
do $$
begin
  alter table doma_panda.job_params alter column jobparameters set compression lz4;
  alter table doma_panda.job_metadata alter column metadata set compression lz4;
exception when feature_not_supported then
  raise notice 'this server has no lz4';
end $$;
