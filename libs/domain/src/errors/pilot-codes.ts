/**
 * Error codes of the pilot, in the numbering of Pilot 1 that server and monitor rely on. Spec: Pilot › common components › errorcodes.
 */
interface PilotErrorRow {
  readonly code: number;
  /** Standard message; `piloterrordiag` begins with it. */
  readonly message: string;
}

/** Codes below 1300: as old as Pilot 1. */
const classicPilotErrors = {
  GENERALERROR: { code: 1008, message: 'General pilot error, consult batch log' },
  NOLOCALSPACE: { code: 1098, message: 'Not enough local space' },
  STAGEINFAILED: { code: 1099, message: 'Failed to stage-in file' },
  REPLICANOTFOUND: { code: 1100, message: 'Replica not found' },
  NOSUCHFILE: { code: 1103, message: 'No such file or directory' },
  USERDIRTOOLARGE: { code: 1104, message: 'User work directory too large' },
  STDOUTTOOBIG: { code: 1106, message: 'Payload log or stdout file too big' },
  SETUPFAILURE: { code: 1110, message: 'Failed during payload setup' },
  NFSSQLITE: { code: 1115, message: 'NFS SQLite locking problems' },
  QUEUEDATA: { code: 1116, message: 'Pilot could not download queuedata' },
  QUEUEDATANOTOK: { code: 1117, message: 'Pilot found non-valid queuedata' },
  OUTPUTFILETOOLARGE: { code: 1124, message: 'Output file too large' },
  NOSTORAGE: { code: 1133, message: 'Fetching default storage failed: no activity related storage defined' },
  STAGEOUTFAILED: { code: 1137, message: 'Failed to stage-out file' },
  PUTMD5MISMATCH: { code: 1141, message: 'md5sum mismatch on output file' },
  CHMODTRF: { code: 1143, message: 'Failed to chmod transform' },
  PANDAKILL: { code: 1144, message: 'This job was killed by panda server' },
  GETMD5MISMATCH: { code: 1145, message: 'md5sum mismatch on input file' },
  TRFDOWNLOADFAILURE: { code: 1149, message: 'Transform could not be downloaded' },
  LOOPINGJOB: { code: 1150, message: 'Looping job killed by pilot' },
  STAGEINTIMEOUT: { code: 1151, message: 'File transfer timed out during stage-in' },
  STAGEOUTTIMEOUT: { code: 1152, message: 'File transfer timed out during stage-out' },
  NOPROXY: { code: 1163, message: 'Grid proxy not valid' },
  MISSINGOUTPUTFILE: { code: 1165, message: 'Local output file is missing' },
  SIZETOOLARGE: { code: 1168, message: 'Total file size too large' },
  GETADMISMATCH: { code: 1171, message: 'adler32 mismatch on input file' },
  PUTADMISMATCH: { code: 1172, message: 'adler32 mismatch on output file' },
  NOVOMSPROXY: { code: 1177, message: 'Voms proxy not valid' },
  GETGLOBUSSYSERR: { code: 1180, message: 'Globus system error during stage-in' },
  PUTGLOBUSSYSERR: { code: 1181, message: 'Globus system error during stage-out' },
  NOSOFTWAREDIR: { code: 1186, message: 'Software directory does not exist' },
  NOPAYLOADMETADATA: { code: 1187, message: 'Payload metadata does not exist' },
  LFNTOOLONG: { code: 1190, message: 'LFN too long (exceeding limit of 255 characters)' },
  ZEROFILESIZE: { code: 1191, message: 'File size cannot be zero' },
  MKDIR: { code: 1199, message: 'Failed to create directory' },
  KILLSIGNAL: { code: 1200, message: 'Job terminated by unknown kill signal' },
  SIGTERM: { code: 1201, message: 'Job killed by signal: SIGTERM' },
  SIGQUIT: { code: 1202, message: 'Job killed by signal: SIGQUIT' },
  SIGSEGV: { code: 1203, message: 'Job killed by signal: SIGSEGV' },
  SIGXCPU: { code: 1204, message: 'Job killed by signal: SIGXCPU' },
  USERKILL: { code: 1205, message: 'Job killed by user' },
  SIGBUS: { code: 1206, message: 'Job killed by signal: SIGBUS' },
  SIGUSR1: { code: 1207, message: 'Job killed by signal: SIGUSR1' },
  MISSINGINSTALLATION: { code: 1211, message: 'Missing installation' },
  PAYLOADOUTOFMEMORY: { code: 1212, message: 'Payload ran out of memory' },
  REACHEDMAXTIME: { code: 1213, message: 'Reached batch system time limit' },
  UNKNOWNPAYLOADFAILURE: { code: 1220, message: 'Job failed due to unknown reason (consult log file)' },
  FILEEXISTS: { code: 1221, message: 'File already exists' },
  BADALLOC: { code: 1223, message: 'Transform failed due to bad_alloc' },
  ESRECOVERABLE: { code: 1224, message: 'Event service: recoverable error' },
  ESFATAL: { code: 1228, message: 'Event service: fatal error' },
  EXECUTEDCLONEJOB: { code: 1234, message: 'Clone job is already executed' },
  PAYLOADEXCEEDMAXMEM: { code: 1235, message: 'Payload exceeded maximum allowed memory' },
  FAILEDBYSERVER: { code: 1236, message: 'Failed by server' },
  ESNOEVENTS: { code: 1238, message: 'Event service: no events' },
  MESSAGEHANDLINGFAILURE: { code: 1240, message: 'Failed to handle message from payload' },
  CHKSUMNOTSUP: { code: 1242, message: 'Query checksum is not supported' },
  NORELEASEFOUND: { code: 1244, message: 'No release candidates found' },
  NOUSERTARBALL: { code: 1246, message: 'User tarball could not be downloaded from PanDA server' },
  BADXML: { code: 1247, message: 'Badly formed XML' },
} as const satisfies Record<string, PilotErrorRow>;

/** Codes from 1300: added by Pilot 2. */
const laterPilotErrors = {
  NOTIMPLEMENTED: { code: 1300, message: 'The class or function is not implemented' },
  UNKNOWNEXCEPTION: { code: 1301, message: 'An unknown pilot exception has occurred' },
  CONVERSIONFAILURE: { code: 1302, message: 'Failed to convert object data' },
  FILEHANDLINGFAILURE: { code: 1303, message: 'Failed during file handling' },
  PAYLOADEXECUTIONFAILURE: { code: 1305, message: 'Failed to execute payload' },
  SINGULARITYGENERALFAILURE: { code: 1306, message: 'Singularity/Apptainer: general failure' },
  SINGULARITYNOLOOPDEVICES: { code: 1307, message: 'Singularity/Apptainer: No more available loop devices' },
  SINGULARITYBINDPOINTFAILURE: { code: 1308, message: 'Singularity/Apptainer: Not mounting requested bind point' },
  SINGULARITYIMAGEMOUNTFAILURE: { code: 1309, message: 'Singularity/Apptainer: Failed to mount image' },
  PAYLOADEXECUTIONEXCEPTION: { code: 1310, message: 'Exception caught during payload execution' },
  NOTDEFINED: { code: 1311, message: 'Not defined' },
  NOTSAMELENGTH: { code: 1312, message: 'Not same length' },
  NOSTORAGEPROTOCOL: { code: 1313, message: 'No protocol defined for storage endpoint' },
  UNKNOWNCHECKSUMTYPE: { code: 1314, message: 'Unknown checksum type' },
  UNKNOWNTRFFAILURE: { code: 1315, message: 'Unknown transform failure' },
  RUCIOSERVICEUNAVAILABLE: { code: 1316, message: 'Rucio: Service unavailable' },
  EXCEEDEDMAXWAITTIME: { code: 1317, message: 'Exceeded maximum waiting time' },
  COMMUNICATIONFAILURE: { code: 1318, message: 'Failed to communicate with server' },
  INTERNALPILOTPROBLEM: { code: 1319, message: 'An internal Pilot problem has occurred (consult Pilot log)' },
  LOGFILECREATIONFAILURE: { code: 1320, message: 'Failed during creation of log file' },
  RUCIOLOCATIONFAILED: { code: 1321, message: 'Failed to get client location for Rucio' },
  RUCIOLISTREPLICASFAILED: { code: 1322, message: 'Failed to get replicas from Rucio' },
  UNKNOWNCOPYTOOL: { code: 1323, message: 'Unknown copy tool' },
  SERVICENOTAVAILABLE: { code: 1324, message: 'Service not available at the moment' },
  SINGULARITYNOTINSTALLED: { code: 1325, message: 'Singularity: not installed' },
  NOREPLICAS: { code: 1326, message: 'No matching replicas were found in list_replicas() output' },
  UNREACHABLENETWORK: { code: 1327, message: 'Unable to stage-in file since network is unreachable' },
  PAYLOADSIGSEGV: { code: 1328, message: 'SIGSEGV: Invalid memory reference or a segmentation fault' },
  NONDETERMINISTICDDM: { code: 1329, message: 'Failed to construct SURL for non-deterministic ddm (update CRIC)' },
  JSONRETRIEVALTIMEOUT: { code: 1330, message: 'JSON retrieval timed out' },
  MISSINGINPUTFILE: { code: 1331, message: 'Input file is missing in storage element' },
  BLACKHOLE: { code: 1332, message: 'Black hole detected in file system (consult Pilot log)' },
  NOREMOTESPACE: { code: 1333, message: 'No space left on device' },
  SETUPFATAL: { code: 1334, message: 'Setup failed with a fatal exception (consult Payload log)' },
  MISSINGUSERCODE: { code: 1335, message: 'User code not available on PanDA server (resubmit task with --useNewCode)' },
  JOBALREADYRUNNING: { code: 1336, message: 'Job is already running elsewhere' },
  BADMEMORYMONITORJSON: { code: 1337, message: 'Memory monitor produced bad output' },
  STAGEINAUTHENTICATIONFAILURE: { code: 1338, message: 'Authentication failure during stage-in' },
  DBRELEASEFAILURE: { code: 1339, message: 'Local DBRelease handling failed (consult Pilot log)' },
  SINGULARITYNEWUSERNAMESPACE: { code: 1340, message: 'Singularity/Apptainer: Failed invoking the NEWUSER namespace runtime' },
  BADQUEUECONFIGURATION: { code: 1341, message: 'Bad queue configuration detected' },
  MIDDLEWAREIMPORTFAILURE: { code: 1342, message: 'Failed to import middleware (consult Pilot log)' },
  NOOUTPUTINJOBREPORT: { code: 1343, message: 'Found no output in job report' },
  RESOURCEUNAVAILABLE: { code: 1344, message: 'Resource temporarily unavailable' },
  SINGULARITYFAILEDUSERNAMESPACE: { code: 1345, message: 'Singularity/Apptainer: Failed to create user namespace' },
  TRANSFORMNOTFOUND: { code: 1346, message: 'Transform not found' },
  UNSUPPORTEDSL5OS: { code: 1347, message: 'Unsupported SL5 OS' },
  SINGULARITYRESOURCEUNAVAILABLE: { code: 1348, message: 'Singularity/Apptainer: Resource temporarily unavailable' },
  UNRECOGNIZEDTRFARGUMENTS: { code: 1349, message: 'Unrecognized transform arguments' },
  EMPTYOUTPUTFILE: { code: 1350, message: 'Empty output file detected' },
  UNRECOGNIZEDTRFSTDERR: { code: 1351, message: 'Unrecognized fatal error in transform stderr' },
  STATFILEPROBLEM: { code: 1352, message: 'Failed to stat proc file for CPU consumption calculation' },
  NOSUCHPROCESS: { code: 1353, message: 'CPU consumption calculation failed: No such process' },
  GENERALCPUCALCPROBLEM: { code: 1354, message: 'General CPU consumption calculation problem (consult Pilot log)' },
  COREDUMP: { code: 1355, message: 'Core dump detected' },
  PREPROCESSFAILURE: { code: 1356, message: 'Pre-process command failed' },
  POSTPROCESSFAILURE: { code: 1357, message: 'Post-process command failed' },
  MISSINGRELEASEUNPACKED: { code: 1358, message: 'Missing release setup in unpacked container' },
  PANDAQUEUENOTACTIVE: { code: 1359, message: 'PanDA queue is not active' },
  IMAGENOTFOUND: { code: 1360, message: 'Image not found' },
  REMOTEFILECOULDNOTBEOPENED: { code: 1361, message: 'Remote file could not be opened' },
  XRDCPERROR: { code: 1362, message: 'Xrdcp was unable to open file' },
  KILLPAYLOAD: { code: 1363, message: 'Raythena has decided to kill payload' },
  MISSINGCREDENTIALS: { code: 1364, message: 'Unable to locate credentials for S3 transfer' },
  NOCTYPES: { code: 1365, message: 'Python module ctypes not available on worker node' },
} as const satisfies Record<string, PilotErrorRow>;

/** Codes that only Pilot 3 sends. pilot3:pilot/common/errorcodes.py@a090538. */
const recentPilotErrors = {
  SIGINT: { code: 1208, message: 'Job killed by signal: SIGINT' },
  CHECKSUMCALCFAILURE: { code: 1366, message: 'Failure during checksum calculation' },
  COMMANDTIMEDOUT: { code: 1367, message: 'Command timed out' },
  REMOTEFILEOPENTIMEDOUT: { code: 1368, message: 'Remote file open timed out' },
  FRONTIER: { code: 1369, message: 'Frontier error' },
  VOMSPROXYABOUTTOEXPIRE: { code: 1370, message: 'VOMS proxy is about to expire' },
  BADOUTPUTFILENAME: { code: 1371, message: 'Output file name contains illegal characters' },
  APPTAINERNOTINSTALLED: { code: 1372, message: 'Apptainer: not installed' },
  CERTIFICATEHASEXPIRED: { code: 1373, message: 'Certificate has expired' },
  REMOTEFILEDICTDOESNOTEXIST: { code: 1374, message: 'Remote file open dictionary does not exist' },
  LEASETIME: { code: 1375, message: 'Lease time is up' },
  LOGCREATIONTIMEOUT: { code: 1376, message: 'Log file creation timed out' },
  CVMFSISNOTALIVE: { code: 1377, message: 'CVMFS is not responding' },
  LSETUPTIMEDOUT: { code: 1378, message: 'Lsetup command timed out during remote file open' },
  PREEMPTION: { code: 1379, message: 'Job was preempted' },
  ARCPROXYFAILURE: { code: 1380, message: 'General arcproxy failure' },
  ARCPROXYLIBFAILURE: { code: 1381, message: 'Arcproxy failure while loading shared libraries' },
  PROXYTOOSHORT: { code: 1382, message: 'Proxy is too short' },
  STAGEOUTAUTHENTICATIONFAILURE: { code: 1383, message: 'Authentication failure during stage-out' },
  QUEUENOTSETUPFORCONTAINERS: { code: 1384, message: 'Queue is not set up for containers' },
  NOJOBSINPANDA: { code: 1385, message: 'No jobs in PanDA' },
  PANDAQUEUENOTONLINE: { code: 1386, message: 'PanDA queue is not online' },
} as const satisfies Record<string, PilotErrorRow>;

export const pilotErrors = { ...classicPilotErrors, ...laterPilotErrors, ...recentPilotErrors } as const;
export type PilotErrorName = keyof typeof pilotErrors;
export type PilotErrorCode = (typeof pilotErrors)[PilotErrorName]['code'];

const byCode = new Map<number, { readonly name: PilotErrorName; readonly message: string }>(
  (Object.entries(pilotErrors) as [PilotErrorName, PilotErrorRow][]).map(([name, row]) => [
    row.code,
    { name, message: row.message },
  ]),
);

/** Name and standard message of a code, or undefined for codes of nobody. */
export function pilotErrorOf(code: number): { readonly name: PilotErrorName; readonly message: string } | undefined {
  return byCode.get(code);
}

/** Stage-in and stage-out problems after which the same pilot of an analysis job may try again. */
export const recoverablePilotErrorCodes: readonly number[] = [1135, 1136, 1137, 1141, 1152, 1181];

/** PILOTERRORDIAG holds 500 characters. */
export const pilotErrorDiagMax = 500;

/**
 * The text of `pilotErrorDiag`: the standard message, then the end of the detail, because the end is where programs say what
 * happened. A detail that already begins with the message is not doubled. Spec: Pilot › errorcodes › format_diagnostics.
 */
export function formatDiagnostics(code: number, detail: string, max: number = pilotErrorDiagMax): string {
  const standard = pilotErrorOf(code)?.message ?? `unknown pilot error ${code}`;
  const trimmed = detail.trim();
  if (trimmed === '' || trimmed === standard) return standard.slice(0, max);
  const rest = trimmed.startsWith(standard) ? trimmed.slice(standard.length).replace(/^[:\s]+/, '') : trimmed;
  const room = max - standard.length - 1;
  if (room <= 0) return standard.slice(0, max);
  return `${standard}:${rest.slice(-room)}`;
}
