import { type Clock, jittered, type Log, type Random } from '@panda/domain';
import type { JobServer } from '../server/job-server.js';
import { type Fields, NoAnswer, statusCodes, type UpdateReply } from '../server/panda-server.js';

export interface DeliverySettings {
  readonly limitMs: number;
  readonly pauseMaxMs: number;
}

const FIRST_PAUSE_MS = 1_000;

/**
 * Repeats a final report until the server took it: an answer with StatusCode 0. Anything else (no connection, a proxy's page, 503, a
 * time-out of the database) means that nobody answers for the report yet, so it is sent again. False when the limit passed or `signal`
 * asked to give up.
 */
export async function deliver(
  fields: Fields,
  server: JobServer,
  settings: DeliverySettings,
  tools: { clock: Clock; random: Random; log: Log; signal?: AbortSignal },
): Promise<boolean> {
  const { clock, random, log, signal } = tools;
  const end = clock.elapsedMs() + settings.limitMs;
  for (let attempt = 1; ; attempt++) {
    const reply = await once(fields, server, log);
    if (reply !== undefined && reply.statusCode === statusCodes.success) return true;
    if (reply !== undefined) log.warn('the server did not take the final report', { attempt, statusCode: reply.statusCode });
    const pause = jittered(random, Math.min(settings.pauseMaxMs, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 20)));
    if (clock.elapsedMs() + pause > end || signal?.aborted) return false;
    await clock.sleep(pause, signal);
  }
}

async function once(fields: Fields, server: JobServer, log: Log): Promise<UpdateReply | undefined> {
  try {
    return await server.updateJob(fields);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    log.warn('the final report found no server', { reason: error.message });
    return undefined;
  }
}
