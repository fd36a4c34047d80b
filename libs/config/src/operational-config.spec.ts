import { describe, expect, it } from '@jest/globals';
import { defineOperational } from './operational.js';
import { type ConfigRow, ConfigRows, OperationalConfig } from './operational-config.js';

const jobbroker = defineOperational(
  { app: 'jedi', component: 'jobbroker' },
  {
    NW_THRESHOLD: { type: 'float', default: 1.7, doc: 'Network weight.', readBy: 'brokerage' },
    NQUEUED_SAT_CAP: { type: 'int', doc: 'Cap of a satellite.', unit: 'jobs', readBy: 'brokerage' },
    USE_NETWORK: { type: 'bool', default: true, doc: 'On.', readBy: 'brokerage' },
    WEIGHTS: { type: 'json', doc: 'A map.', readBy: 'brokerage' },
  },
);
const watchdog = defineOperational(
  { app: 'pandaserver', component: 'watcher' },
  { 'HEARTBEAT_TIMEOUT_<workflow>': { type: 'int', default: 2, unit: 'h', doc: 'Lost heartbeat.', readBy: 'watcher' } },
);

function row(key: string, value: string, type: string, over: Partial<ConfigRow> = {}): ConfigRow {
  return { app: 'jedi', component: 'jobbroker', key, value, type, vo: '', ...over };
}

function configOf(...rows: ConfigRow[]): OperationalConfig {
  const config = new OperationalConfig();
  config.take(rows);
  return config;
}

describe('operational keys', () => {
  it('CONFIG-02 have the type of their row, and no value without a row or default', () => {
    const config = configOf(
      row('NW_THRESHOLD', '2.5', 'float'),
      row('USE_NETWORK', 'False', 'bool'),
      row('WEIGHTS', '{"a":1}', 'json'),
    );
    expect(config.get(jobbroker.NW_THRESHOLD)).toBe(2.5);
    expect(config.get(jobbroker.USE_NETWORK)).toBe(false);
    expect(config.get(jobbroker.WEIGHTS)).toEqual({ a: 1 });
    expect(config.get(jobbroker.NQUEUED_SAT_CAP)).toBeUndefined();
    expect(config.find('jedi', 'jobbroker', 'NQUEUED_SAT_CAP')).toBeUndefined();
  });

  it('prefer the row of the VO to the one for every VO', () => {
    const config = configOf(row('NQUEUED_SAT_CAP', '10', 'int'), row('NQUEUED_SAT_CAP', '20', 'int', { vo: 'atlas' }));
    expect(config.get(jobbroker.NQUEUED_SAT_CAP, { vo: 'atlas' })).toBe(20);
    expect(config.get(jobbroker.NQUEUED_SAT_CAP, { vo: 'sphenix' })).toBe(10);
    expect(config.get(jobbroker.NQUEUED_SAT_CAP)).toBe(10);
  });

  it('do not leak the row of one VO to another', () => {
    const config = configOf(row('NQUEUED_SAT_CAP', '20', 'int', { vo: 'atlas' }));
    expect(config.get(jobbroker.NQUEUED_SAT_CAP, { vo: 'sphenix' })).toBeUndefined();
  });

  it('fill the placeholders of a name', () => {
    const where = { app: 'pandaserver', component: 'watcher' };
    const config = configOf(row('HEARTBEAT_TIMEOUT_production', '6', 'int', where));
    const key = watchdog['HEARTBEAT_TIMEOUT_<workflow>'];
    expect(config.get(key, { fill: { workflow: 'production' } })).toBe(6);
    expect(config.get(key, { fill: { workflow: 'analysis' } })).toBe(2);
    expect(() => config.get(key)).toThrow('<workflow> is not given');
  });

  it('report rows nothing reads and values that do not fit, and ignore the latter', () => {
    const config = new OperationalConfig();
    const complaints = config.take([row('NW_THRESHOLD', 'much', 'float'), row('NW_TRESHOLD', '1', 'float')]);
    expect(complaints.map(({ row: { key }, problem }) => [key, problem])).toEqual([
      ['NW_THRESHOLD', 'the value is no float'],
      ['NW_TRESHOLD', 'nothing reads this key'],
    ]);
    expect(config.get(jobbroker.NW_THRESHOLD)).toBe(1.7);
  });

  it('are not reported unknown by a process that does not know their component', () => {
    expect(new OperationalConfig().take([row('LIMIT', '1', 'int', { component: 'elsewhere' })])).toEqual([]);
  });

  it('ignore a row whose type is not the declared one', () => {
    expect(configOf(row('NW_THRESHOLD', 'x', 'str')).get(jobbroker.NW_THRESHOLD)).toBe(1.7);
  });

  it('CONFIG-02 change with their rows, and keep the former values when reading fails', async () => {
    const source = new (class extends ConfigRows {
      answers: (readonly ConfigRow[] | Error)[] = [
        [row('NQUEUED_SAT_CAP', '1', 'int')],
        new Error('down'),
        [row('NQUEUED_SAT_CAP', '2', 'int')],
      ];
      async read(): Promise<readonly ConfigRow[]> {
        const next = this.answers.shift();
        if (!next || next instanceof Error) throw next;
        return next;
      }
    })();
    const config = new OperationalConfig(source);
    await config.refresh();
    expect(config.get(jobbroker.NQUEUED_SAT_CAP)).toBe(1);
    await expect(config.refresh()).rejects.toThrow('down');
    expect(config.get(jobbroker.NQUEUED_SAT_CAP)).toBe(1);
    await config.refresh();
    expect(config.get(jobbroker.NQUEUED_SAT_CAP)).toBe(2);
  });
});
