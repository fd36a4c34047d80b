import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@panda/local-postgres';
import { findServer } from '@panda/testing';

/** The PostgreSQL server that all test processes of a run share. */
export interface SharedServer {
  /** URL for DATABASE_URL of the test processes. */
  url: string;
  origin: string;
  stop(): Promise<void>;
}

/** Enough for two test processes with a few pools each. */
const MAX_CONNECTIONS = 200;

/** The server the tests would find themselves; where there is none, a private one for the time of the run. */
export async function sharedServer(): Promise<SharedServer> {
  const found = await findServer().catch(() => undefined); // it throws only when there is none
  if (found) return { url: found.url('postgres'), origin: found.origin, stop: () => Promise.resolve() };
  return privateServer();
}

async function privateServer(): Promise<SharedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'panda-tests-'));
  const cluster = await startCluster({ dataDir, durable: false, maxConnections: MAX_CONNECTIONS });
  const { origin, version } = cluster.binaries;
  return {
    url: cluster.url('postgres'),
    origin: `a private server of ${origin} binaries, version ${version}`,
    stop: async () => {
      await cluster.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
