/**
 * Numbers in the error columns of a job that servers write. Monitors, retry rules and users rely on them: none is ever reused.
 * panda-server:pandaserver/{taskbuffer,jobdispatcher,dataservice,brokerage}/ErrorCode.py@34d4b8f3.
 */
export const taskBufferErrorCode = {
  kill: 100,
  transfer: 101,
  expire: 102,
  aborted: 103,
  wait: 104,
  reassigned: 105,
  retried: 106,
  pilotRetried: 107,
  lostFile: 110,
  esRetried: 111,
  esMerge: 112,
  esMergeFailed: 113,
  esMaxAttempt: 114,
  esWaitOthers: 115,
  esUnused: 116,
  esUnprocessed: 117,
  esLastUnprocessed: 118,
  esAllFailed: 119,
  esAssociatedOk: 120,
  esAssociatedNotOk: 121,
  esPreemption: 122,
  esNoEvent: 123,
  esInconsistentInput: 124,
  esNoQueue: 125,
  esBadStatus: 126,
  fastRebrokerage: 130,
  cloningUnlock: 200,
  workerDone: 300,
} as const;
export type TaskBufferErrorCode = (typeof taskBufferErrorCode)[keyof typeof taskBufferErrorCode];

export const jobDispatcherErrorCode = {
  lostHeartbeat: 100,
  recovery: 101,
  sentWithoutReply: 102,
  holding: 103,
  transferring: 104,
  timeOut: 105,
} as const;
export type JobDispatcherErrorCode = (typeof jobDispatcherErrorCode)[keyof typeof jobDispatcherErrorCode];

export const ddmErrorCode = {
  setupper: 100,
  guid: 101,
  adder: 200,
  subscription: 201,
  location: 203,
  eventsMissing: 204,
  guidInconsistent: 205,
  rse: 206,
} as const;
export type DdmErrorCode = (typeof ddmErrorCode)[keyof typeof ddmErrorCode];

export const brokerageErrorCode = { release: 100, voms: 101 } as const;
export type BrokerageErrorCode = (typeof brokerageErrorCode)[keyof typeof brokerageErrorCode];

/** supErrorCode: what the server learned beside the job's own report. */
export const supErrorCode = {
  /** An update came from another batch slot than the one that holds the job. */
  otherBatchId: 1,
  /** The worker had ended when the heartbeat was lost. */
  workerEnded: 2,
} as const;

/** Columns that carry an error code, in the order in which retry rules look at them. */
export const errorSources = [
  'pilotErrorCode',
  'exeErrorCode',
  'ddmErrorCode',
  'transExitCode',
  'jobDispatcherErrorCode',
  'taskBufferErrorCode',
  'brokerageErrorCode',
  'supErrorCode',
] as const;
export type ErrorSource = (typeof errorSources)[number];
