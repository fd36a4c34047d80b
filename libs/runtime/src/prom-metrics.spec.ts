import { describe, expect, it } from '@jest/globals';
import { PromMetrics } from './prom-metrics.js';

describe('metrics', () => {
  it('are the same object when they are declared again', async () => {
    const metrics = new PromMetrics({ service: 'test', defaults: false });
    const spec = { name: 'panda_jobs_total', help: 'Jobs.', labels: ['queue'] as const };
    metrics.counter(spec).add({ queue: 'A' });
    metrics.counter(spec).add({ queue: 'A' }, 2);
    expect(await metrics.text()).toContain('panda_jobs_total{queue="A",service="test"} 3');
  });

  it('count durations in seconds by default', async () => {
    const metrics = new PromMetrics({ service: 'test', defaults: false });
    metrics.histogram({ name: 'panda_wait_seconds', help: 'Waiting.' }).observe({}, 0.02);
    const text = await metrics.text();
    expect(text).toContain('panda_wait_seconds_bucket{le="0.03",service="test"} 1');
    expect(text).toContain('panda_wait_seconds_bucket{le="0.01",service="test"} 0');
  });

  it('ask for an observed value at each scrape', async () => {
    const metrics = new PromMetrics({ service: 'test', defaults: false });
    let depth = 4;
    metrics.observed({ name: 'panda_depth', help: 'Depth.' }, () => depth);
    expect(await metrics.text()).toContain('panda_depth{service="test"} 4');
    depth = 5;
    expect(await metrics.text()).toContain('panda_depth{service="test"} 5');
  });

  it('hold the process’s own only when asked', async () => {
    const name = 'process_resident_memory_bytes';
    expect(await new PromMetrics({ service: 'test', defaults: true }).text()).toContain(name);
    expect(await new PromMetrics({ service: 'test', defaults: false }).text()).not.toContain(name);
  });
});
