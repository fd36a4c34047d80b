import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { FakeClock, RecordingLog } from '@panda/testing';
import { ServiceHealth } from '../health/service-health.js';
import { supervise } from './supervise.js';

class FakeProcess extends EventEmitter {
  readonly codes: number[] = [];

  exit(code: number): void {
    this.codes.push(code);
    this.emit('exited');
  }

  exited(): Promise<unknown> {
    return this.codes.length > 0 ? Promise.resolve() : new Promise((resolve) => this.once('exited', resolve));
  }
}

function service(stop: () => Promise<void> = () => Promise.resolve()) {
  const supervised = { log: new RecordingLog(), clock: new FakeClock(), health: new ServiceHealth(), stopLimitMs: 75_000, stop };
  const host = new FakeProcess();
  return { ...supervised, host, control: supervise(supervised, host) };
}

const forever = (): Promise<void> => new Promise(() => undefined);

describe('a supervised service', () => {
  it.each(['SIGTERM', 'SIGINT'])('stops gracefully at %s and exits with 0', async (signal) => {
    const { host } = service();
    host.emit(signal);
    await host.exited();
    expect(host.codes).toEqual([0]);
  });

  it('exits with 1 at the second signal, without waiting for the stop', async () => {
    const { host } = service(forever);
    host.emit('SIGTERM');
    host.emit('SIGTERM');
    await host.exited();
    expect(host.codes).toEqual([1]);
  });

  it('exits with 1 when the stop takes too long', async () => {
    const { host, clock, log } = service(forever);
    host.emit('SIGTERM');
    await clock.advance(74_999);
    expect(host.codes).toEqual([]);
    await clock.advance(1);
    expect(host.codes).toEqual([1]);
    expect(log.messages('error')).toEqual(['the stop took too long']);
  });

  it('exits with 1 when the stop fails', async () => {
    const { host, log } = service(() => Promise.reject(new Error('no')));
    host.emit('SIGTERM');
    await host.exited();
    expect(host.codes).toEqual([1]);
    expect(log.messages('error')).toEqual(['the stop failed']);
  });

  it.each(['unhandledRejection', 'uncaughtException'])(
    'reports an %s, is no longer alive, drains and exits with 1',
    async (event) => {
      let drained = false;
      const { host, log, health } = service(async () => {
        drained = true;
      });
      host.emit(event, new Error('a bug'));
      expect(health.liveness().ok).toBe(false);
      await host.exited();
      expect(drained).toBe(true);
      expect(host.codes).toEqual([1]);
      expect(log.messages('error')).toEqual(['an error nobody handled']);
    },
  );

  it('waits no more than 5 s for the drain after such an error', async () => {
    const { host, clock } = service(forever);
    host.emit('uncaughtException', new Error('a bug'));
    await clock.advance(5_000);
    expect(host.codes).toEqual([1]);
  });

  it('can be stopped for a reason of its own', async () => {
    const { host, log, control } = service();
    control.stop('too much memory');
    await host.exited();
    expect(host.codes).toEqual([0]);
    expect(log.lines[0]?.facts).toEqual({ reason: 'too much memory' });
  });
});
