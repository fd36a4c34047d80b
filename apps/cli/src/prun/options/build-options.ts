import { flag, integer, type OptionRow, optionalText, text } from './row.js';

/** What is sent along, how it is built, what software it meets. */
export const buildOptions = [
  text('--bexec', ['BUILD'], 'command of the build job'),
  flag('--noBuild', ['BUILD'], 'no build job; the sandbox goes to each job and is limited to 10 MiB'),
  flag('--noCompile', ['BUILD'], 'the build job only stores the sandbox, of up to 768 MiB'),
  { ...text('--workDir', ['BUILD'], 'send all files below this directory (the current one)'), default: '.' },
  text('--extFile', ['BUILD'], 'send these files although they are large or *.root; wild cards, separated by commas'),
  text('--excludeFile', ['BUILD'], 'do not send these; wild cards, separated by commas'),
  integer('--maxFileSize', 1_048_576, ['BUILD'], 'send files up to this size in bytes (1 MiB)'),
  flag('--followLinks', ['BUILD'], 'send what is behind links to directories'),
  flag('--useHomeDir', ['BUILD'], 'yes, send the home directory'),
  text('--tmpDir', ['BUILD'], 'where the sandbox is built'),
  text('--outTarBall', ['BUILD'], 'keep a copy of the sandbox here'),
  text('--inTarBall', ['BUILD'], 'use this sandbox instead of making one'),
  text('--tarBallViaDDM', ['BUILD'], 'the sandbox is a registered file, <dataset>:<file>'),
  text('--athenaTag', ['BUILD'], 'set up this software release for the job'),
  optionalText('--cmtConfig', ['BUILD'], 'platform of the software'),
  text('--rootVer', ['BUILD'], 'set up this ROOT version'),
  text('--dbRelease', ['BUILD'], 'database release, <dataset>:<file> or LATEST'),
  flag('--notExpandDBR', ['BUILD'], 'leave the database release packed'),
  flag('--useAthenaPackages', ['BUILD'], 'send the local Athena packages (needs pathena’s environment)'),
  text('--gluePackages', ['BUILD'], 'Athena packages that are not found by themselves'),
  flag('--useRootCore', ['BUILD'], 'send RootCore packages'),
  { ...optionalText('--voms', ['BUILD'], 'role of the grid proxy'), dest: 'vomsRoles' },
  optionalText('--vo', ['BUILD'], 'community (atlas)'),
  { ...flag('-3', ['BUILD'], 'use python3; always so'), dest: 'python3' },
] as const satisfies readonly OptionRow[];
