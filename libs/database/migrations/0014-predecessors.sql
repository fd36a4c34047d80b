-- Tables of the 2021 system that the documentation still names; kept so that operators' SQL runs. Spec: Database, Admin guide 5.5.

create table doma_pandameta.schedconfig (
  name varchar(60) default 'default', nickname varchar(60), queue varchar(60), localqueue varchar(50),
  system varchar(60), sysconfig varchar(20), environ varchar(250), gatekeeper varchar(120), jobmanager varchar(80),
  se varchar(400), ddm varchar(120), jdladd varchar(500), globusadd varchar(100), jdl varchar(60),
  jdltxt varchar(500), version varchar(60), site varchar(60), region varchar(60), gstat varchar(60),
  tags varchar(200), cmd varchar(200), lastmod timestamp default panda_ops.utc_now(), errinfo varchar(80),
  nqueue bigint default 0, comment_ varchar(500), appdir varchar(500), datadir varchar(80), tmpdir varchar(80),
  wntmpdir varchar(80), dq2url varchar(80), special_par varchar(80), python_path varchar(80),
  nodes bigint default 0, status varchar(10) default 'offline', copytool varchar(80), copysetup varchar(200),
  releases varchar(500), sepath varchar(400), envsetup varchar(200), copyprefix varchar(500), lfcpath varchar(80),
  seopt varchar(400), sein varchar(400), seinopt varchar(400), lfchost varchar(80), cloud varchar(60),
  siteid varchar(60), proxy varchar(80), retry varchar(10), queuehours integer default 0, envsetupin varchar(200),
  copytoolin varchar(180), copysetupin varchar(200), seprodpath varchar(400), lfcprodpath varchar(80),
  copyprefixin varchar(360), recoverdir varchar(80), memory bigint default 0, maxtime bigint default 0,
  space bigint default 0, tspace timestamp, cmtconfig varchar(250), setokens varchar(80), glexec varchar(10),
  priorityoffset varchar(60), allowedgroups varchar(100), defaulttoken varchar(100), pcache varchar(100),
  validatedreleases varchar(500), accesscontrol varchar(20), dn varchar(100), email varchar(60),
  allowednode varchar(80), maxinputsize bigint, timefloor integer, depthboost bigint, idlepilotsupression bigint,
  pilotlimit bigint, transferringlimit bigint, cachedse smallint, corecount smallint, countrygroup varchar(64),
  availablecpu varchar(64), availablestorage varchar(64), pledgedcpu varchar(64), pledgedstorage varchar(64),
  statusoverride varchar(256) default 'offline', allowdirectaccess varchar(10) default 'False',
  gocname varchar(64) default 'site', tier varchar(15), multicloud varchar(64), lfcregister varchar(10),
  stageinretry bigint default 2, stageoutretry bigint default 2, fairsharepolicy varchar(512),
  allowfax varchar(64), faxredirector varchar(256), maxwdir bigint, celist varchar(4000), minmemory bigint,
  maxmemory bigint, mintime bigint, allowjem varchar(64), catchall varchar(512), faxdoor varchar(128),
  wansourcelimit integer, wansinklimit integer, auto_mcu smallint default 0, objectstore varchar(512),
  allowhttp varchar(64), httpredirector varchar(256), multicloud_append varchar(64), corepower bigint,
  wnconnectivity varchar(256), cloudrshare varchar(256), sitershare varchar(256), autosetup_post varchar(512),
  autosetup_pre varchar(512), direct_access_lan varchar(32) default 'False',
  direct_access_wan varchar(32) default 'False', maxrss integer default 0, minrss integer default 0,
  use_newmover varchar(32) default 'False', pilotversion varchar(32) default 'current', objectstores varchar(4000),
  container_options varchar(1024), container_type varchar(256), jobseed varchar(16), pilot_manager varchar(16),
  capability varchar(16), resource_type varchar(16), workflow varchar(16), maxdiskio bigint
);

create table doma_pandameta.cloudconfig (
  name varchar(20) not null, description varchar(50) not null, tier1 varchar(20) not null,
  tier1se varchar(400) not null, relocation varchar(10), weight bigint default 0 not null,
  server varchar(100) not null, status varchar(20) not null, transtimelo bigint default 0 not null,
  transtimehi bigint default 0 not null, waittime bigint default 0 not null, comment_ varchar(200),
  space bigint default 0 not null, moduser varchar(30), modtime timestamp default panda_ops.utc_now() not null,
  validation varchar(20), mcshare bigint default 0 not null, countries varchar(80), fasttrack varchar(20),
  nprestage bigint default 0 not null, pilotowners varchar(300), dn varchar(100), email varchar(60),
  fairshare varchar(256), auto_mcu smallint default 0,
  primary key (name)
);

create table doma_pandameta.siteaccess (
  id bigint default nextval('doma_pandameta.siteaccess_id_seq') not null, dn varchar(100), pandasite varchar(100), poffset bigint default 0 not null,
  rights varchar(30), status varchar(20), workinggroups varchar(100), created timestamp,
  primary key (id)
);

create table doma_pandameta.installedsw (
  siteid varchar(60), cloud varchar(10), release varchar(10), cache varchar(40), validation varchar(10),
  cmtconfig varchar(40),
  unique nulls not distinct (siteid, release, cache, cmtconfig)
);
create index on doma_pandameta.installedsw (release, siteid);

create table doma_panda.cloudtasks (
  id integer not null, taskname varchar(128), taskid integer, cloud varchar(20), status varchar(20),
  tmod timestamp default panda_ops.utc_now() not null, tenter timestamp default panda_ops.utc_now() not null,
  primary key (id)
);
create index on doma_panda.cloudtasks (taskname, taskid);

create table doma_panda.pilottoken (
  token varchar(64) not null, schedulerhost varchar(100), scheduleruser varchar(150),
  usages integer default 1 not null, created timestamp default panda_ops.utc_now() not null,
  expires timestamp default panda_ops.utc_now() not null, schedulerid varchar(80),
  primary key (token)
);

create table doma_panda.ups_stats (
  ts timestamp, computingsite varchar(128), resource_type varchar(56), gshare varchar(32), jobstatus varchar(15),
  vo varchar(16), current_priority_binned bigint, current_priority_count bigint
);

create table doma_pandaarch.table_part_boundaries (
  tab_name varchar(30) not null, part_name varchar(30) not null, part_position bigint,
  part_boundary_dictionary text, part_boundary timestamp, last_created_view varchar(30),
  primary key (tab_name, part_name)
);

create table doma_pandaarch.pandaids_modiftime_old (
  pandaid bigint not null, modiftime timestamp default panda_ops.utc_now() not null,
  primary key (pandaid, modiftime)
);

create table doma_pandaarch.pandaids_modiftime_errlog_old (
  pandaid varchar(4000), modiftime varchar(4000)
);
