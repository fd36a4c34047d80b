-- Classic job tables as views. Each is a simple view on one partition: updatable, and a lookup by PandaID is one index probe.
-- Home and state agree by construction (invariants J1, J3). Spec: Database › ATLAS_PANDA schema.

create view doma_panda.jobswaiting4 as select
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
from doma_panda.jobs_live where jobstatus in ('pending', 'waiting');

create view doma_panda.jobsdefined4 as select
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
from doma_panda.jobs_live where jobstatus in ('defined', 'assigned');

create view doma_panda.jobsactive4 as select
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
from doma_panda.jobs_live
where jobstatus in ('activated', 'throttled', 'sent', 'starting', 'running', 'stagein', 'stageout', 'holding', 'transferring', 'merging');

