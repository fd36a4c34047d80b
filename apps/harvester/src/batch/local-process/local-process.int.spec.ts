import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemClock } from '@panda/runtime';
import { RecordingLog } from '@panda/testing';
import { BatchTrial, batchPromises } from '../../testing/batch-conformance.js';
import { localProcess } from './local-process.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

describe('local processes as a batch system', () => {
  let root: string;
  let trial: BatchTrial;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'batch-'));
    const clock = new SystemClock();
    trial = new BatchTrial(localProcess, {
      clock,
      context: { clock, log: new RecordingLog(), killGraceMs: 500, options: {} },
      directory: (workerId) => join(root, String(workerId)),
      fileOf: ({ directory }, name) =>
        existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : undefined,
    });
  });
  afterEach(async () => {
    await trial.close();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(batchPromises)('$promise', async ({ isKept }) => {
    await expect(isKept(trial)).resolves.toBeUndefined();
  });
});
