import type { Variables } from '@panda/config';
import { installedRabbit, isBroker, startRabbit } from '@panda/testing';

const LOCAL = { host: '127.0.0.1', port: 5672 };
/** The broker that all test processes of a run share; without one, tests of that driver are skipped. */
export interface SharedBroker {
  /** For AMQP_URL of the test processes; undefined where the tests find the broker themselves, or there is none. */
  url?: string;
  origin: string;
  stop(): Promise<void>;
}

/** `AMQP_URL`; else the broker on this machine; else a private one, where the server is installed. */
export async function sharedBroker(variables: Variables): Promise<SharedBroker> {
  const stop = () => Promise.resolve();
  if (variables.AMQP_URL) return { origin: `AMQP_URL ${variables.AMQP_URL.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:***@')}`, stop };
  const local = `${LOCAL.host}:${LOCAL.port}`;
  if (await isBroker(LOCAL)) return { origin: `the broker on ${local}`, stop };
  const program = installedRabbit();
  if (program) return { origin: `a private broker of ${program}`, ...(await startRabbit(program, variables)) };
  return { origin: `none (no AMQP_URL, nothing on ${local}, not installed): tests of that driver are skipped`, stop };
}
