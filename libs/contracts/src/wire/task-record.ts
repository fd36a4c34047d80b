/** Attributes of a task as the wire spells them. Source: panda-jedi:pandajedi/jedicore/JediTaskSpec.py@42f4bb41. */
export const taskAttributes: readonly string[] =
  `jediTaskID taskName status userName creationDate modificationTime startTime endTime frozenTime
  prodSourceLabel workingGroup vo coreCount taskType processingType taskPriority currentPriority architecture transUses transHome
  transPath lockedBy lockedTime termCondition splitRule wallTime wallTimeUnit outDiskCount outDiskUnit workDiskCount workDiskUnit
  ramCount ramUnit ioIntensity ioIntensityUnit workQueue_ID progress failureRate errorDialog reqID oldStatus cloud site countryGroup
  parent_tid eventService ticketID ticketSystemType stateChangeTime superStatus campaign mergeRamCount mergeRamUnit mergeWalltime
  mergeWalltimeUnit throttledTime numThrottled mergeCoreCount goal assessmentTime cpuTime cpuTimeUnit cpuEfficiency baseWalltime
  nucleus baseRamCount ttcRequested ttcPredicted ttcPredictionDate rescueTime requestType gshare useJumbo resource_type diskIO
  diskIOUnit memory_leak_core memory_leak_x2 attemptNr container_name job_label framework activatedTime queuedTime actionTime`
    .trim()
    .split(/\s+/);
