import { describe, expect, it } from '@jest/globals';
import { SplitRule } from '../split-rule/index.js';
import { type TaskSpec, taskColumns, taskOfColumns } from './task-spec.js';

describe('a task as columns', () => {
  it('uses the lower-cased field names and keeps the underscores PanDA has', () => {
    const task = { jediTaskId: 1, workQueueId: 3, resourceType: 'SCORE', containerName: null, parentTid: 7, ttcRequested: null };
    const columns = taskColumns({ ...task, splitRule: SplitRule.parse('NF=2') } as unknown as TaskSpec);
    expect(columns).toEqual({
      jeditaskid: 1,
      workqueue_id: 3,
      resource_type: 'SCORE',
      container_name: null,
      parent_tid: 7,
      ttcrequested: null,
      splitrule: 'NF=2',
    });
  });

  it('writes an empty split rule as null', () => {
    expect(taskColumns({ splitRule: SplitRule.empty } as unknown as TaskSpec)).toEqual({ splitrule: null });
  });

  it('reads back what it wrote', () => {
    const task = taskOfColumns({
      jeditaskid: 5,
      taskname: 'user.a.b',
      vo: 'wlcg',
      workqueue_id: 3,
      splitrule: 'NF=2,UB=1',
      ramcount: 2000,
    });
    expect(task).toMatchObject({
      jediTaskId: 5,
      taskName: 'user.a.b',
      workQueueId: 3,
      ramCount: 2000,
      coreCount: 1,
      nucleus: null,
    });
    expect(String(task.splitRule)).toBe('NF=2,UB=1');
    expect(taskOfColumns(taskColumns(task))).toEqual(task);
  });
});
