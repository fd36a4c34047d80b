import { describe, expect, it } from '@jest/globals';
import {
  checkClause,
  eventStatusCodes,
  inputDatasetMachine,
  inputFileMachine,
  jobMachine,
  outputDatasetMachine,
  outputFileMachine,
  reservedEventCodes,
  taskMachine,
  workerMachine,
} from '@panda/domain';
import { sqlOf } from './sql-migration.js';

const sql = sqlOf('0026-state-checks').replace(/\s+/g, ' ');
const quoted = (states: readonly string[]): string => [...new Set(states)].map((state) => `'${state}'`).join(', ');

describe('state constraints of the database', () => {
  it('allow exactly the states of the task, job and worker machines', () => {
    expect(sql).toContain(`task_status check (${checkClause(taskMachine, 'status')})`);
    expect(sql).toContain(`task_oldstatus check (oldstatus is null or ${checkClause(taskMachine, 'oldstatus')})`);
    expect(sql).toContain(`job_status check (${checkClause(jobMachine, 'jobstatus')})`);
    expect(sql).toContain(`worker_status check (${checkClause(workerMachine, 'status')})`);
  });

  it('tie the final partition to the final job states', () => {
    expect(sql).toContain(`check (is_final = (jobstatus in (${quoted(jobMachine.final)})))`);
  });

  it('allow input and output states for datasets and files', () => {
    expect(sql).toContain(`status in (${quoted([...inputDatasetMachine.states, ...outputDatasetMachine.states])})`);
    expect(sql).toContain(`status in (${quoted([...inputFileMachine.states, ...outputFileMachine.states])})`);
  });

  it('allow the numbers of event states', () => {
    const codes = [...Object.values(eventStatusCodes), ...Object.values(reservedEventCodes)].toSorted((a, b) => a - b);
    expect(sql).toContain(`event_status check (status in (${codes.join(', ')}))`);
  });
});
