import { AgentRuntime } from '@panda/agents';
import { PromMetrics } from '@panda/runtime';
import { FakeClock } from './fake-clock.js';
import { RecordingLog } from './recording-log.js';
import { CountedIds, SeededRandom } from './seeded.js';

/** What an agent is given, all of it under the test's control. */
export interface TestRuntime extends AgentRuntime {
  readonly log: RecordingLog;
  readonly clock: FakeClock;
  readonly metrics: PromMetrics;
}

export function testRuntime(seed = 1): TestRuntime {
  const log = new RecordingLog();
  const metrics = new PromMetrics({ service: 'test', defaults: false });
  return new AgentRuntime(log, metrics, new FakeClock(), new CountedIds(), new SeededRandom(seed)) as TestRuntime;
}
