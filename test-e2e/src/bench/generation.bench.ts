import { DdmRepository } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { aFedTask } from '@panda/testing';
import { ServiceProcess } from '../worker-node/service-process.js';
import { environment, openGrid, taskOf, whenActivated } from './bench-task.js';
import { copyAgain, everythingOfJobs } from './copied-rows.js';
import { type Measurement, medianPair } from './measure.js';

const JOBS = 10_000;
const PAIRS = 5;

/**
 * Jobs made by the generator beside a COPY of the rows it wrote. The generator is a process of its own; it is woken through the
 * outbox and the bus, as ever. Goal G10.
 */
export async function generationBench(): Promise<Measurement[]> {
  const db = await openGrid();
  const generator = await ServiceProcess.start('jedi-job-generator', {
    ...environment(db),
    BUS: 'postgres',
    PANDA_DB_POOL_MAX: '16',
  });
  const ddm = new CatalogDdm(new DdmRepository(db.database));
  const measured: { ours: number; bare: number }[] = [];
  try {
    for (let n = 0; n <= PAIRS; n++) {
      const id = 1_000 + n;
      await aFedTask(db.database, ddm, id, await taskOf(JOBS, id));
      const from = performance.now();
      await whenActivated(db, id, JOBS);
      const ours = (JOBS * 1_000) / (performance.now() - from);
      const bare = await copyAgain(db, await everythingOfJobs(db, id), JOBS);
      if (n > 0) measured.push({ ours, bare }); // the first warms plans and compiled code
    }
  } finally {
    await generator.stop();
    await db.close();
  }
  const what = `jobs made of a ${JOBS}-job task with files, parameters and log, beside COPY of the same rows`;
  return [{ what, unit: 'jobs/s', ...medianPair(measured) }];
}
