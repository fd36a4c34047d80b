-- What the web monitor selects from (PANDABIGMON): one job relation in which live and final rows have the same columns.

create schema if not exists doma_pandabigmon;

create view doma_pandabigmon.combined_wait_act_def_arch4 as select
  j.pandaid, j.jobdefinitionid, j.schedulerid, j.pilotid, j.creationtime, j.creationhost, j.modificationtime,
  j.modificationhost, j.atlasrelease, j.transformation, j.homepackage, j.prodserieslabel, j.prodsourcelabel,
  j.produserid, j.assignedpriority, j.currentpriority, j.attemptnr, j.maxattempt, j.jobstatus, j.jobname,
  j.maxcpucount, j.maxcpuunit, j.maxdiskcount, j.maxdiskunit, j.ipconnectivity, j.minramcount, j.minramunit,
  j.starttime, j.endtime, j.cpuconsumptiontime, j.cpuconsumptionunit, j.commandtopilot, j.transexitcode,
  j.piloterrorcode, j.piloterrordiag, j.exeerrorcode, j.exeerrordiag, j.superrorcode, j.superrordiag,
  j.ddmerrorcode, j.ddmerrordiag, j.brokerageerrorcode, j.brokerageerrordiag, j.jobdispatchererrorcode,
  j.jobdispatchererrordiag, j.taskbuffererrorcode, j.taskbuffererrordiag, j.computingsite, j.computingelement,
  j.jobparameters, j.metadata, j.proddblock, j.dispatchdblock, j.destinationdblock, j.destinationse, j.nevents,
  j.grid, j.cloud, j.cpuconversion, j.sourcesite, j.destinationsite, j.transfertype, j.taskid, j.cmtconfig,
  j.statechangetime, j.proddbupdatetime, j.lockedby, j.relocationflag, j.jobexecutionid, j.vo, j.pilottiming,
  j.workinggroup, j.processingtype, j.produsername, j.ninputfiles, j.countrygroup, j.batchid, j.parentid,
  j.specialhandling, j.jobsetid, j.corecount, j.ninputdatafiles, j.inputfiletype, j.inputfileproject,
  j.inputfilebytes, j.noutputdatafiles, j.outputfilebytes, j.jobmetrics, j.workqueue_id, j.jeditaskid,
  j.jobsubstatus, j.actualcorecount, j.reqid, j.maxrss, j.maxvmem, j.maxswap, j.maxpss, j.avgrss, j.avgvmem,
  j.avgswap, j.avgpss, j.maxwalltime, j.nucleus, j.eventservice, j.failedattempt, j.hs06sec, j.gshare, j.hs06,
  j.totrchar, j.totwchar, j.totrbytes, j.totwbytes, j.raterchar, j.ratewchar, j.raterbytes, j.ratewbytes,
  j.resource_type, j.diskio, j.memory_leak, j.memory_leak_x2, j.container_name, j.job_label, j.meancorecount,
  j.gco2_regional, j.gco2_global, j.cpu_architecture_level, j.outputfiletype,
  j.jeditaskid / 1000000 as partid, null::timestamp as dbmodtime, case when j.is_final then 1 else 0 end as isarchive,
  case when coalesce(j.specialhandling, '') like '%sc:%' then null else j.eventservice end as es,
  t.taskname, t.status as taskstatus, t.username as taskusername
from doma_panda.jobs j left join doma_panda.jedi_tasks t using (jeditaskid);

create view doma_panda.combined_wait_act_def_arch4 as select * from doma_pandabigmon.combined_wait_act_def_arch4;

create view doma_pandabigmon.geteventsfortask as
  select jeditaskid, sum(nevents) as totev, sum(nevents - coalesce(neventsused, 0)) as totevrem
  from doma_panda.jedi_datasets where type in ('input', 'pseudo_input') and masterid is null group by jeditaskid;

create view doma_pandabigmon.jedi_tasks_ordered as select * from doma_panda.jedi_tasks order by jeditaskid desc;
