import { connect } from 'amqplib';

const LIMIT_MS = 5_000;

/** Signs in at a broker once and leaves. Throws what stood in the way: nobody listens, wrong password, no such vhost. */
export async function tryBroker(url: string): Promise<void> {
  const connection = await connect(url, { timeout: LIMIT_MS });
  await connection.close();
}
