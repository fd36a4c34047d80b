import { findServer } from '@panda/testing';

/** The PostgreSQL server that all test processes of a run share. */
export interface SharedServer {
  /** URL for DATABASE_URL of the test processes. */
  url: string;
  origin: string;
  stop(): Promise<void>;
}

/** The server the tests would find themselves, found once for all their processes. */
export async function sharedServer(): Promise<SharedServer> {
  const found = await findServer();
  return { url: found.url('postgres'), origin: found.origin, stop: async () => undefined };
}
