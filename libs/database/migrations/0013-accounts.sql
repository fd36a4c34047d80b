-- Users, sandboxes and per-site counters (PANDAMETA).

create table doma_pandameta.users (
  id integer default nextval('doma_pandameta.users_id_seq') not null, name varchar(60) not null, dn varchar(150), email varchar(60), url varchar(100),
  location varchar(60), classa varchar(30), classp varchar(30), classxp varchar(30), sitepref varchar(60),
  gridpref varchar(20), queuepref varchar(60), scriptcache varchar(100), types varchar(60), sites varchar(250),
  njobsa bigint, njobsp bigint, njobs1 bigint, njobs7 bigint, njobs30 bigint, cpua1 bigint, cpua7 bigint,
  cpua30 bigint, cpup1 bigint, cpup7 bigint, cpup30 bigint, cpuxp1 bigint, cpuxp7 bigint, cpuxp30 bigint,
  quotaa1 bigint, quotaa7 bigint, quotaa30 bigint, quotap1 bigint, quotap7 bigint, quotap30 bigint,
  quotaxp1 bigint, quotaxp7 bigint, quotaxp30 bigint, space1 bigint, space7 bigint, space30 bigint,
  lastmod timestamp default panda_ops.utc_now() not null, firstjob timestamp default panda_ops.utc_now() not null,
  latestjob timestamp default panda_ops.utc_now() not null, pagecache text,
  cachetime timestamp default panda_ops.utc_now() not null, ncurrent bigint default 0 not null,
  jobid bigint default 0 not null, status varchar(20), vo varchar(20),
  primary key (id)
);
create index on doma_pandameta.users (name, vo);

create table doma_pandameta.sitedata (
  site varchar(60) not null, flag varchar(30) not null, hours integer default 0 not null, nwn integer,
  memmin integer, memmax integer, si2000min integer, si2000max integer, os varchar(30), space varchar(30),
  minjobs integer, maxjobs integer, laststart timestamp, lastend timestamp, lastfail timestamp,
  lastpilot timestamp, lastpid integer, nstart integer default 0 not null, finished integer default 0 not null,
  failed integer default 0 not null, defined integer default 0 not null, assigned integer default 0 not null,
  waiting integer default 0 not null, activated integer default 0 not null, holding integer default 0 not null,
  running integer default 0 not null, transferring integer default 0 not null, getjob integer default 0 not null,
  updatejob integer default 0 not null, lastmod timestamp default panda_ops.utc_now() not null, ncpu integer,
  nslot integer, nojob integer, getjobabs bigint, updatejobabs bigint, nojobabs bigint,
  primary key (site, flag, hours)
);

create table doma_pandameta.usercacheusage (
  username varchar(128) not null, filename varchar(256) not null, hostname varchar(64) not null,
  creationtime timestamp default panda_ops.utc_now() not null, modificationtime timestamp, filesize bigint,
  aliasname varchar(256),
  primary key (filename, hostname, creationtime)
);
create index on doma_pandameta.usercacheusage (username, creationtime);

create table doma_pandameta.proxykey (
  id bigint default nextval('doma_pandameta.proxykey_id_seq') not null, dn varchar(100) not null, credname varchar(40) not null,
  created timestamp default panda_ops.utc_now() not null, expires timestamp default panda_ops.utc_now() not null,
  origin varchar(80) not null, myproxy varchar(80) not null,
  primary key (id)
);

create table doma_pandameta.agis_dump (
  panda_site varchar(52), update_time timestamp, json_data text
);
