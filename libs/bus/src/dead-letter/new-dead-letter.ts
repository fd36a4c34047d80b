import type { NewDeadLetter } from '@panda/database';
import type { WorkQueue } from '../topology.js';
import { decodeEnvelope } from '../wire/envelope-codec.js';
import { bodyBytes, type WireMessage } from '../wire/message.js';
import type { Reason } from '../wire/transport.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The row of a message that was put aside: its envelope when it can be read, its bytes otherwise, so that it can be
 * replayed as it came. `queue` is undefined for a queue of an older topology.
 */
export function newDeadLetter(message: WireMessage, name: string, queue: WorkQueue | undefined, reason: Reason): NewDeadLetter {
  const { messageId } = message.properties;
  const envelope = queue && readable(message, queue);
  return {
    messageId: messageId !== undefined && UUID.test(messageId) ? messageId : null,
    queue: name,
    consumer: queue?.consumer ?? 'unknown',
    reasonCode: reason.code,
    reasonText: reason.text,
    firstFailedAt: reason.firstFailedAt,
    lastFailedAt: reason.lastFailedAt,
    attempts: reason.attempts,
    envelope: envelope ?? null,
    raw: envelope === undefined ? bodyBytes(message.body) : null,
  };
}

function readable(message: WireMessage, queue: WorkQueue): string | undefined {
  try {
    // A foreign message without an id keeps its bytes: a made-up id would not survive the replay.
    const envelope = decodeEnvelope(message, queue.topic, () => '');
    return envelope.messageId === '' ? undefined : JSON.stringify(envelope);
  } catch {
    return undefined; // that it cannot be read is why it is here
  }
}
