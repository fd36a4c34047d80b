import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '@panda/runtime';
import { RecordingLog } from '@panda/testing';
import { batchConformance } from '../../testing/batch-conformance.js';
import { localProcess } from './local-process.js';

batchConformance(localProcess, () => {
  const root = mkdtempSync(join(tmpdir(), 'batch-'));
  const clock = new SystemClock();
  return {
    clock,
    context: { clock, log: new RecordingLog(), killGraceMs: 500, options: {} },
    directory: (workerId) => join(root, String(workerId)),
    fileOf: ({ directory }, name) =>
      existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : undefined,
    close: () => rmSync(root, { recursive: true, force: true }),
  };
});
