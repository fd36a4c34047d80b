import { connect } from 'node:net';

const PROBE_MS = 1_000;
/** AMQP 0-9-1 protocol header: a broker answers with connection.start (frame type 1), or with the header it would speak. */
const AMQP_HEADER = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]);

/** True when an AMQP broker answers there; a silent, foreign or closed port is none. */
export function isBroker(at: { host: string; port: number }, timeoutMs = PROBE_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...at, timeout: timeoutMs });
    const answer = (byte?: number) => {
      socket.destroy();
      resolve(byte === 1 || byte === AMQP_HEADER[0]);
    };
    socket.once('connect', () => socket.write(AMQP_HEADER));
    socket.once('data', (data) => answer(data[0]));
    for (const event of ['timeout', 'error', 'close']) socket.once(event, () => answer());
  });
}
