import { describe, expect, it } from '@jest/globals';
import { PromMetrics } from '../prom-metrics.js';
import { probe } from './probes.js';
import { ServiceHealth } from './service-health.js';

describe('the health of a service', () => {
  it('is not ready before it has started, and not after it began to stop', async () => {
    const health = new ServiceHealth();
    expect([health.startup().ok, (await health.readiness()).ok]).toEqual([false, false]);
    health.started();
    expect([health.startup().ok, (await health.readiness()).ok]).toEqual([true, true]);
    health.stopping();
    expect(await health.readiness()).toEqual({ ok: false, checks: { process: 'stopping' } });
    expect(health.startup().ok).toBe(true);
  });

  it('is not ready while a check fails, and names the reason', async () => {
    const health = new ServiceHealth();
    health.started();
    health.register('database', () => Promise.reject(new Error('connection refused')));
    health.register('bus', () => Promise.resolve());
    expect(await health.readiness()).toEqual({ ok: false, checks: { database: 'connection refused', bus: 'ok' } });
  });

  it('is alive while its dependencies are away', async () => {
    const health = new ServiceHealth();
    health.started();
    health.register('database', () => Promise.reject(new Error('away')));
    expect(health.liveness().ok).toBe(true);
  });

  it('is not alive after an error nobody handled', () => {
    const health = new ServiceHealth();
    health.broken('a bug');
    expect(health.liveness()).toEqual({ ok: false, checks: { process: 'a bug' } });
  });
});

describe('a probe', () => {
  const metrics = new PromMetrics({ service: 'test', defaults: false });

  it('answers 200 or 503 with the checks', async () => {
    const health = new ServiceHealth();
    expect(await probe('/readyz', health, metrics)).toMatchObject({ status: 503 });
    expect(await probe('/startupz', health, metrics)).toMatchObject({ status: 503 });
    health.started();
    expect(await probe('/readyz', health, metrics)).toEqual({
      status: 200,
      type: 'application/json',
      body: '{"ok":true,"checks":{}}',
    });
    expect(await probe('/healthz', health, metrics)).toMatchObject({ status: 200 });
  });

  it('answers /metrics with the metrics, and nothing else', async () => {
    metrics.counter({ name: 'panda_test_total', help: 'A test.' }).add({}, 3);
    const answer = await probe('/metrics', new ServiceHealth(), metrics);
    expect(answer?.body).toContain('panda_test_total{service="test"} 3');
    expect(await probe('/secrets', new ServiceHealth(), metrics)).toBeUndefined();
  });
});
