import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BusClient } from '@panda/bus';
import { topics } from '@panda/contracts';
import { JediContentsFeederModule } from '@panda/jedi-contents-feeder';
import { JediJobGeneratorModule } from '@panda/jedi-job-generator';
import { MessageProcessorModule } from '@panda/message-processor';
import { aRefinedTask } from '@panda/testing';
import { lastValueFrom } from 'rxjs';
import { AgentsInProcess, mapOf, QUEUE } from './agents-in-process.js';

const TASK = 1;
const FILES = 8;

describe('input that arrives while its task has jobs', () => {
  let agents: AgentsInProcess;

  beforeAll(async () => {
    agents = await AgentsInProcess.start([JediContentsFeederModule, JediJobGeneratorModule, MessageProcessorModule]);
  }, 60_000);
  afterAll(() => agents.stop());

  const lfn = (i: number) => `input.${String(i).padStart(3, '0')}.root`;
  const available = (from: number, to: number) => ({
    msg_type: 'file_stagein',
    request_id: 1,
    workload_id: TASK,
    relation_type: 'output',
    files: Array.from({ length: to - from }, (_, i) => ({
      scope: 'user.bob',
      name: lfn(from + i),
      path: '',
      status: 'Available',
    })),
  });
  const tell = (message: object) =>
    lastValueFrom(agents.app.get(BusClient).emit(topics.ingressMessage.name, message), { defaultValue: undefined });
  const taskIs = (status: string) =>
    agents.becomes(`select status from doma_panda.jedi_tasks where jeditaskid = ${TASK}`, [{ status }]);
  const jobsAre = (jobs: number) =>
    agents.becomes(
      `select count(*)::int as jobs from doma_panda.jobs where jeditaskid = ${TASK} and computingsite = '${QUEUE}'`,
      [{ jobs }],
    );
  const files = () =>
    agents.rows(`select status, count(*)::int as n from doma_panda.jedi_dataset_contents where type = 'input' group by 1`);
  const counters = () =>
    agents.rows(`select nfiles::int, nfilestobeused::int, nfilesused::int, state from doma_panda.jedi_datasets
      where type = 'input'`);

  it('makes jobs of what is there, and of the rest as soon as a message says that it has come', async () => {
    await agents.dataset(
      'user.bob.in',
      Array.from({ length: FILES }, (_, i) => lfn(i)),
    );
    await aRefinedTask(agents.db.database, agents.ddm, TASK, onTape);
    await taskIs('pending');
    expect(await files()).toEqual([{ status: 'staging', n: FILES }]);

    await tell(available(0, FILES / 2));
    await jobsAre(FILES / 2);
    await taskIs('running');
    expect((await counters())[0]).toMatchObject({ nfiles: FILES, nfilestobeused: FILES / 2, state: 'mutable' });

    await tell(available(FILES / 2, FILES));
    await jobsAre(FILES);
    await taskIs('running');
    expect(await counters()).toEqual([{ nfiles: FILES, nfilestobeused: FILES, nfilesused: FILES, state: 'closed' }]);
  }, 60_000);
});

const onTape = mapOf('user.alice.tape', {
  inputPreStaging: true,
  nChunksToWait: 1,
  jobParameters: [{ type: 'template', param_type: 'input', value: '-i "${IN/T}"', dataset: 'user.bob.in', expand: true }],
});
