/** `npm run gen` writes the generated files; `--check` fails when one is not what the code says. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED_FOLDERS, generatedFiles } from '../generate/files.js';
import { filesIn } from '../repository/files.js';
import { root } from '../repository/root.js';

const files = await generatedFiles();
const stale = files.filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);
const left = GENERATED_FOLDERS.filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => filesIn(folder))
  .filter((path) => !files.some((file) => file.path === path));

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is not what the code says`);
  for (const path of left) console.error(`${path} is made by no generator any more`);
  if (stale.length + left.length > 0) {
    console.error('run: npm run gen');
    process.exitCode = 1;
  }
} else {
  for (const { path, text } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(path);
  }
  for (const path of left) rmSync(join(root, path));
}
