/**
 * The job and file records of the clients: attribute order is part of the wire format.
 * Source: panda-server:pandaserver/taskbuffer/JobSpec.py, FileSpec.py@34d4b8f; the last four job attributes since @9cc3603.
 */
export const jobAttributes =
  words(`PandaID jobDefinitionID schedulerID pilotID creationTime creationHost modificationTime modificationHost
  AtlasRelease transformation homepackage prodSeriesLabel prodSourceLabel prodUserID assignedPriority currentPriority attemptNr maxAttempt
  jobStatus jobName maxCpuCount maxCpuUnit maxDiskCount maxDiskUnit ipConnectivity minRamCount minRamUnit startTime endTime
  cpuConsumptionTime cpuConsumptionUnit commandToPilot transExitCode pilotErrorCode pilotErrorDiag exeErrorCode exeErrorDiag
  supErrorCode supErrorDiag ddmErrorCode ddmErrorDiag brokerageErrorCode brokerageErrorDiag jobDispatcherErrorCode
  jobDispatcherErrorDiag taskBufferErrorCode taskBufferErrorDiag computingSite computingElement jobParameters metadata prodDBlock
  dispatchDBlock destinationDBlock destinationSE nEvents grid cloud cpuConversion sourceSite destinationSite transferType taskID
  cmtConfig stateChangeTime prodDBUpdateTime lockedby relocationFlag jobExecutionID VO pilotTiming workingGroup processingType
  prodUserName nInputFiles countryGroup batchID parentID specialHandling jobsetID coreCount nInputDataFiles inputFileType
  inputFileProject inputFileBytes nOutputDataFiles outputFileBytes jobMetrics workQueue_ID jediTaskID jobSubStatus actualCoreCount
  reqID maxRSS maxVMEM maxSWAP maxPSS avgRSS avgVMEM avgSWAP avgPSS maxWalltime nucleus eventService failedAttempt hs06sec gshare
  hs06 totRCHAR totWCHAR totRBYTES totWBYTES rateRCHAR rateWCHAR rateRBYTES rateWBYTES resource_type diskIO memory_leak
  memory_leak_x2 container_name job_label`);

/** What the 2026 server appends; clients of both eras ignore attributes they do not know. */
export const lateJobAttributes = words('gco2_regional gco2_global cpu_architecture_level outputFileType');

export const fileAttributes = words(`row_ID PandaID GUID lfn type dataset status prodDBlock prodDBlockToken dispatchDBlock
  dispatchDBlockToken destinationDBlock destinationDBlockToken destinationSE fsize md5sum checksum scope jediTaskID datasetID fileID
  attemptNr`);

/** The client keeps these of a file. */
export const CLIENT_FILE_ATTRIBUTES = 18;

export type RecordAttributes = Readonly<Record<string, unknown>>;

export interface JobRecord {
  readonly attributes: RecordAttributes;
  readonly files: readonly RecordAttributes[];
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
