import { type PilotErrorName, pilotErrors } from '@panda/domain';

/**
 * What the pilot's process exits with, for the wrapper and the batch system. A failed payload leaves 0: the pilot did its work.
 * Source: pilot3:pilot/util/auxiliary.py shell_exit_code@a090538.
 */
export const exitCodes = {
  ok: 0,
  general: 65,
  mkdir: 66,
  noSuchFile: 67,
  noProxy: 68,
  noSpace: 69,
  exception: 70,
  queueData: 71,
  badQueueData: 72,
  noSoftware: 73,
  lateJson: 74,
  blackHole: 75,
  noMiddleware: 76,
  missingInput: 77,
  queueNotActive: 78,
  communication: 79,
  proxyTooShort: 80,
  maxTime: 81,
  noJobs: 82,
  queueNotOnline: 83,
  killed: 137,
} as const;

const byError: Partial<Record<PilotErrorName, number>> = {
  GENERALERROR: exitCodes.general,
  MKDIR: exitCodes.mkdir,
  NOSUCHFILE: exitCodes.noSuchFile,
  NOPROXY: exitCodes.noProxy,
  NOVOMSPROXY: exitCodes.noProxy,
  CERTIFICATEHASEXPIRED: exitCodes.noProxy,
  NOLOCALSPACE: exitCodes.noSpace,
  UNKNOWNEXCEPTION: exitCodes.exception,
  QUEUEDATA: exitCodes.queueData,
  QUEUEDATANOTOK: exitCodes.badQueueData,
  NOSOFTWAREDIR: exitCodes.noSoftware,
  JSONRETRIEVALTIMEOUT: exitCodes.lateJson,
  BLACKHOLE: exitCodes.blackHole,
  MIDDLEWAREIMPORTFAILURE: exitCodes.noMiddleware,
  MISSINGINPUTFILE: exitCodes.missingInput,
  PANDAQUEUENOTACTIVE: exitCodes.queueNotActive,
  COMMUNICATIONFAILURE: exitCodes.communication,
  PROXYTOOSHORT: exitCodes.proxyTooShort,
  REACHEDMAXTIME: exitCodes.maxTime,
  NOJOBSINPANDA: exitCodes.noJobs,
  PANDAQUEUENOTONLINE: exitCodes.queueNotOnline,
  KILLSIGNAL: exitCodes.killed,
};

/** Codes of signals that a batch system sends; each is a pilot error of its own. */
export const signalErrors = {
  SIGTERM: 'SIGTERM',
  SIGINT: 'SIGINT',
  SIGQUIT: 'SIGQUIT',
  SIGXCPU: 'SIGXCPU',
  SIGUSR1: 'SIGUSR1',
  SIGBUS: 'SIGBUS',
  SIGSEGV: 'SIGSEGV',
} as const satisfies Partial<Record<NodeJS.Signals, PilotErrorName>>;

const signalNumbers = { SIGINT: 2, SIGQUIT: 3, SIGBUS: 7, SIGUSR1: 10, SIGSEGV: 11, SIGTERM: 15, SIGXCPU: 24 } as const;

export type HandledSignal = keyof typeof signalErrors;

export function exitCodeOfSignal(signal: HandledSignal): number {
  return 128 + signalNumbers[signal];
}

export function exitCodeOfError(name: PilotErrorName): number {
  return byError[name] ?? 1;
}

/** The pilot error behind an exit code of a pilot, or undefined; Harvester asks when a worker ended without a word. */
export function errorOfExitCode(exitCode: number): number | undefined {
  const signal = (Object.keys(signalNumbers) as HandledSignal[]).find((name) => exitCodeOfSignal(name) === exitCode);
  if (signal !== undefined) return pilotErrors[signalErrors[signal]].code;
  const name = (Object.keys(byError) as PilotErrorName[]).find((candidate) => byError[candidate] === exitCode);
  return name === undefined ? undefined : pilotErrors[name].code;
}
