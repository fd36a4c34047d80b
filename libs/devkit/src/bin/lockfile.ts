/** `npm run lockfile` completes package-lock.json after a change of dependencies; `--check` only tells what is missing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { addressesIn, completeLock, gapsOf, type Lockfile } from '../lockfile/complete-lock.js';
import { root } from '../repository/root.js';

const path = `${root}/package-lock.json`;
const text = readFileSync(path, 'utf8');
const lock = JSON.parse(text) as Lockfile;
const gaps = gapsOf(lock);
const addresses = addressesIn(lock);

if (process.argv.includes('--check')) {
  for (const gap of gaps) console.error(`package-lock.json lacks ${gap.name}@${gap.version}, wanted by ${gap.parent}`);
  for (const address of addresses) console.error(`package-lock.json records a download address for ${address}`);
  if (gaps.length + addresses.length > 0) {
    console.error('run: npm run lockfile');
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(`package-lock.json: ${gaps.length} entries added, ${addresses.length} addresses removed`);
}
