import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Variables } from '@panda/config';
import { fingerprint } from '../repository/files.js';
import { root } from '../repository/root.js';
import { COVERAGE, type Project, RUN_FILE, resultFile } from './projects.js';
import { type Counts, countsOf } from './results.js';

/** End-to-end tests start whole fleets: one at a time, or two fleets share two cores and miss their deadlines. */
const EXTRA: Record<Project, readonly string[]> = { unit: [], int: [], e2e: ['--runInBand'] };

/** Runs one project; its own report goes to stderr, every outcome to coverage/. Resolves with jest's exit code. */
function runProject(project: Project, env: Variables): Promise<number> {
  rmSync(resultFile(project), { force: true });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const output = ['--json', `--outputFile=${resultFile(project)}`];
  const args = ['--experimental-vm-modules', '--no-warnings', jest, '--ci', '--passWithNoTests', '--selectProjects', project];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, ...output, ...EXTRA[project]], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs projects one after the other, even when one fails: the reader wants all that is broken, not the first thing.
 * A project that ends badly without a failed test (a crash, a leak of the runner) counts as one failure.
 */
export async function runProjects(projects: readonly Project[], env: Variables): Promise<Counts> {
  mkdirSync(COVERAGE, { recursive: true });
  rmSync(RUN_FILE, { force: true });
  const sources = fingerprint();
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const project of projects) {
    const code = await runProject(project, env);
    const counts = countsOf(project) ?? { passed: 0, failed: 0, skipped: 0 };
    total.passed += counts.passed;
    total.failed += counts.failed === 0 && code !== 0 ? 1 : counts.failed;
    total.skipped += counts.skipped;
  }
  writeFileSync(RUN_FILE, `${JSON.stringify({ fingerprint: sources, projects, at: new Date().toISOString() })}\n`);
  return total;
}
