/** What jest said about every test, read from its JSON reports. */
import { existsSync, readFileSync } from 'node:fs';
import { PROJECTS, type Project, RUN_FILE, resultFile } from './projects.js';

export interface TestOutcome {
  /** Full title: describe blocks and test. */
  title: string;
  status: 'passed' | 'failed' | 'skipped';
}

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const SEEN = new Set(['passed', 'failed']);

function report(project: Project): JestReport | undefined {
  const path = resultFile(project);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as JestReport) : undefined;
}

/** Tests of a project by outcome; a file that could not even be loaded counts as one failure. */
export function countsOf(project: Project): Counts | undefined {
  const found = report(project);
  return (
    found && {
      passed: found.numPassedTests,
      failed: found.numFailedTests + found.numRuntimeErrorTestSuites,
      skipped: found.numPendingTests + found.numTodoTests,
    }
  );
}

/** Every test of every project that has been run. */
export function outcomes(): TestOutcome[] {
  return PROJECTS.flatMap((project) =>
    (report(project)?.testResults ?? []).flatMap((file) =>
      file.assertionResults.map(({ fullName, status }) => ({
        title: fullName,
        status: (SEEN.has(status) ? status : 'skipped') as TestOutcome['status'],
      })),
    ),
  );
}

/** True when all projects were run on exactly these sources. */
export function areFresh(fingerprint: string): boolean {
  if (!existsSync(RUN_FILE)) return false;
  const run = JSON.parse(readFileSync(RUN_FILE, 'utf8')) as { fingerprint?: string; projects?: string[] };
  return run.fingerprint === fingerprint && PROJECTS.every((project) => run.projects?.includes(project));
}
