import { describe, expect, it } from '@jest/globals';
import { brokerageOptionsOf, taskBrokerOptionsOf } from './operator-options.js';
import { defaultTaskBrokerOptions } from './task-broker.js';

const rows = (values: Record<string, string | number | boolean>) => (key: string) => values[key];

describe('options of brokerage from CONFIG rows', () => {
  it('BROKERAGE-37 an empty table means the documented defaults', () => {
    expect(brokerageOptionsOf(rows({}))).toMatchObject({
      nQueuedSatCap: 150,
      nQueuedNucCapForJobs: 10_000,
      networkThreshold: 1.7,
      networkWeightMultiplier: 1,
      ioIntensityCutoff: 200,
      sizeCutoffToMoveInputGb: 10,
      numCutoffToMoveInput: 100,
      maxDiskIoDefault: 1e10,
      networkQueueImportance: 0.5,
      networkActive: false,
    });
    expect(taskBrokerOptionsOf(rows({}), 'q')).toEqual(defaultTaskBrokerOptions);
  });

  it('what operators write wins, numbers may be text, nonsense is ignored', () => {
    const options = brokerageOptionsOf(
      rows({ NQUEUED_SAT_CAP: 20, NW_THRESHOLD: '1.5', NW_ACTIVE: true, IO_INTENSITY_CUTOFF: 'lots' }),
    );
    expect(options).toMatchObject({ nQueuedSatCap: 20, networkThreshold: 1.5, networkActive: true, ioIntensityCutoff: 200 });
  });

  it('task brokerage has a disk threshold per work queue and fractions in per cent', () => {
    const options = taskBrokerOptionsOf(
      rows({ DISK_THRESHOLD_reco: 5, DISK_THRESHOLD_other: 7, INPUT_SIZE_FRACTION: 20 }),
      'reco',
    );
    expect(options).toMatchObject({ diskThresholdGb: 5, inputSizeFraction: 0.2, inputNumFraction: 0.1 });
  });
});
