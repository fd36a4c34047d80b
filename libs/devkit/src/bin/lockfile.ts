/**
 * `npm run lockfile` completes package-lock.json after a change of dependencies; `--check` only tells what is missing.
 * Runs before anything is installed or compiled by others, so it needs nothing but Node.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressesIn, completeLock, gapsOf, type Lockfile } from '../lockfile/complete-lock.js';
import { type Manifest, withWorkspace, workspaceChanges } from '../lockfile/workspace-entries.js';
import { read } from '../repository/files.js';
import { packages } from '../repository/packages.js';
import { root } from '../repository/root.js';

const lock = JSON.parse(read('package-lock.json')) as Lockfile;
const manifestAt = (folder: string) => JSON.parse(read(join(folder, 'package.json'))) as Manifest;
const manifests = new Map(['', ...packages().map(({ folder }) => folder)].map((folder) => [folder, manifestAt(folder)]));

const complaints = [
  ...[...workspaceChanges(lock, manifests).keys()].map((path) => `repeats the package.json of '${path}' wrongly`),
  ...gapsOf(lock).map((gap) => `lacks ${gap.name}@${gap.version}, wanted by ${gap.parent}`),
  ...addressesIn(lock).map((path) => `records a download address for ${path}`),
];
if (process.argv.includes('--check')) {
  for (const complaint of complaints) console.error(`package-lock.json ${complaint}`);
  if (complaints.length > 0) {
    console.error('run: npm run lockfile');
    process.exitCode = 1;
  }
} else {
  const complete = completeLock(withWorkspace(lock, manifests));
  writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(complete, null, 2)}\n`);
  console.log(`package-lock.json: ${complaints.length} entries mended`);
}
