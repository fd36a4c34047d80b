-- Final jobs: jobsarchived4 holds what is younger than the archive boundary, doma_pandaarch the rest. Nothing is copied:
-- a row crosses the boundary by age. `alter database … set panda.archive_days` moves the boundary (default 365).

create function panda_ops.archive_boundary() returns timestamp language sql stable parallel safe
  return panda_ops.utc_now() - make_interval(days => coalesce(nullif(current_setting('panda.archive_days', true), '')::int, 365));

create view doma_panda.jobsarchived4 as select
  pandaid, jobdefinitionid, schedulerid, pilotid, creationtime, creationhost, modificationtime, modificationhost,
  atlasrelease, transformation, homepackage, prodserieslabel, prodsourcelabel, produserid, assignedpriority,
  currentpriority, attemptnr, maxattempt, jobstatus, jobname, maxcpucount, maxcpuunit, maxdiskcount, maxdiskunit,
  ipconnectivity, minramcount, minramunit, starttime, endtime, cpuconsumptiontime, cpuconsumptionunit,
  commandtopilot, transexitcode, piloterrorcode, piloterrordiag, exeerrorcode, exeerrordiag, superrorcode,
  superrordiag, ddmerrorcode, ddmerrordiag, brokerageerrorcode, brokerageerrordiag, jobdispatchererrorcode,
  jobdispatchererrordiag, taskbuffererrorcode, taskbuffererrordiag, computingsite, computingelement, jobparameters,
  metadata, proddblock, dispatchdblock, destinationdblock, destinationse, nevents, grid, cloud, cpuconversion,
  sourcesite, destinationsite, transfertype, taskid, cmtconfig, statechangetime, proddbupdatetime, lockedby,
  relocationflag, jobexecutionid, vo, pilottiming, workinggroup, processingtype, produsername, ninputfiles,
  countrygroup, batchid, parentid, specialhandling, jobsetid, corecount, ninputdatafiles, inputfiletype,
  inputfileproject, inputfilebytes, noutputdatafiles, outputfilebytes, jobmetrics, workqueue_id, jeditaskid,
  jobsubstatus, actualcorecount, reqid, maxrss, maxvmem, maxswap, maxpss, avgrss, avgvmem, avgswap, avgpss,
  maxwalltime, nucleus, eventservice, failedattempt, hs06sec, gshare, hs06, totrchar, totwchar, totrbytes,
  totwbytes, raterchar, ratewchar, raterbytes, ratewbytes, resource_type, diskio, memory_leak, memory_leak_x2,
  container_name, job_label, meancorecount, gco2_regional, gco2_global, cpu_architecture_level, outputfiletype
from doma_panda.jobs_final where statechangetime >= panda_ops.archive_boundary();

create view doma_pandaarch.jobsarchived as select
  pandaid, jobdefinitionid, schedulerid, pilotid, creationtime, creationhost, modificationtime, modificationhost,
  atlasrelease, transformation, homepackage, prodserieslabel, prodsourcelabel, produserid, assignedpriority,
  currentpriority, attemptnr, maxattempt, jobstatus, jobname, maxcpucount, maxcpuunit, maxdiskcount, maxdiskunit,
  ipconnectivity, minramcount, minramunit, starttime, endtime, cpuconsumptiontime, cpuconsumptionunit,
  commandtopilot, transexitcode, piloterrorcode, piloterrordiag, exeerrorcode, exeerrordiag, superrorcode,
  superrordiag, ddmerrorcode, ddmerrordiag, brokerageerrorcode, brokerageerrordiag, jobdispatchererrorcode,
  jobdispatchererrordiag, taskbuffererrorcode, taskbuffererrordiag, computingsite, computingelement, jobparameters,
  metadata, proddblock, dispatchdblock, destinationdblock, destinationse, nevents, grid, cloud, cpuconversion,
  sourcesite, destinationsite, transfertype, taskid, cmtconfig, statechangetime, proddbupdatetime, lockedby,
  relocationflag, jobexecutionid, vo, pilottiming, workinggroup, processingtype, produsername, ninputfiles,
  countrygroup, batchid, parentid, specialhandling, jobsetid, corecount, ninputdatafiles, inputfiletype,
  inputfileproject, inputfilebytes, noutputdatafiles, outputfilebytes, jobmetrics, workqueue_id, jeditaskid,
  jobsubstatus, actualcorecount, reqid, maxrss, maxvmem, maxswap, maxpss, avgrss, avgvmem, avgswap, avgpss,
  maxwalltime, nucleus, eventservice, failedattempt, hs06sec, gshare, hs06, totrchar, totwchar, totrbytes,
  totwbytes, raterchar, ratewchar, raterbytes, ratewbytes, resource_type, diskio, memory_leak, memory_leak_x2,
  container_name, job_label, meancorecount, gco2_regional, gco2_global, cpu_architecture_level, outputfiletype
from doma_panda.jobs_final where statechangetime < panda_ops.archive_boundary();

create view doma_panda.filestable4 as select
  row_id, pandaid, modificationtime, guid, lfn, type, dataset, status, proddblock, proddblocktoken, dispatchdblock,
  dispatchdblocktoken, destinationdblock, destinationdblocktoken, destinationse, fsize, md5sum, scope, jeditaskid, datasetid, fileid,
  attemptnr
from doma_panda.job_files;

create view doma_panda.jobparamstable as select pandaid, modificationtime, jobparameters from doma_panda.job_params;
create view doma_panda.metatable as select pandaid, modificationtime, metadata from doma_panda.job_metadata;

create view doma_pandaarch.filestable_arch as select
  f.row_id, f.pandaid, f.modificationtime, j.creationtime, f.guid, f.lfn, f.type, f.fsize, f.dataset, f.status, f.md5sum, f.proddblock,
  f.proddblocktoken, f.dispatchdblock, f.dispatchdblocktoken, f.destinationdblock, f.destinationdblocktoken, f.destinationse, f.scope,
  f.jeditaskid, f.datasetid, f.fileid, f.attemptnr
from doma_panda.job_files f join doma_pandaarch.jobsarchived j using (pandaid);

create view doma_pandaarch.jobparamstable_arch as select p.pandaid, p.modificationtime, p.jobparameters
from doma_panda.job_params p join doma_pandaarch.jobsarchived j using (pandaid);

create view doma_pandaarch.metatable_arch as select m.pandaid, m.modificationtime, m.metadata
from doma_panda.job_metadata m join doma_pandaarch.jobsarchived j using (pandaid);
