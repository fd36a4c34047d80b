import { describe, expect, it } from '@jest/globals';
import { type ConfigRow, ConfigRows, defineOperational, OperationalConfig } from '@panda/config';
import { FakeClock, RecordingLog } from '@panda/testing';
import { OperationalRefresh } from './operational-refresh.js';

const keys = defineOperational(
  { app: 'jedi', component: 'test' },
  { LIMIT: { type: 'int', default: 1, doc: 'A limit.', readBy: 'test' } },
);

class Table extends ConfigRows {
  rows: ConfigRow[] | Error = [];

  set(key: string, value: string): void {
    this.rows = [{ app: 'jedi', component: 'test', key, value, type: 'int', vo: '' }];
  }

  async read(): Promise<readonly ConfigRow[]> {
    if (this.rows instanceof Error) throw this.rows;
    return this.rows;
  }
}

function refreshed() {
  const [table, clock, log] = [new Table(), new FakeClock(), new RecordingLog()];
  const config = new OperationalConfig(table);
  return { table, clock, log, config, refresh: new OperationalRefresh(config, clock, log) };
}

describe('the operators’ configuration', () => {
  it('CONFIG-02 CONFIG-03 takes effect within a minute of a change, without a restart', async () => {
    const { table, clock, config, refresh } = refreshed();
    await refresh.onApplicationBootstrap();
    expect(config.get(keys.LIMIT)).toBe(1);
    table.set('LIMIT', '5');
    await clock.advance(60_000);
    expect(config.get(keys.LIMIT)).toBe(5);
    await refresh.onModuleDestroy();
  });

  it('keeps its values while the table cannot be read, and says so', async () => {
    const { table, clock, log, config, refresh } = refreshed();
    table.set('LIMIT', '5');
    await refresh.onApplicationBootstrap();
    table.rows = new Error('away');
    await clock.advance(60_000);
    expect(config.get(keys.LIMIT)).toBe(5);
    expect(log.messages('warn')).toContain('the CONFIG table cannot be read, former values stay');
    await refresh.onModuleDestroy();
  });

  it('names a row nothing reads, once', async () => {
    const { table, clock, log, refresh } = refreshed();
    table.set('LIMTI', '5');
    await refresh.onApplicationBootstrap();
    await clock.advance(300_000);
    expect(log.lines).toMatchObject([{ level: 'warn', facts: { row: 'jedi.test.LIMTI', problem: 'nothing reads this key' } }]);
    await refresh.onModuleDestroy();
  });
});
