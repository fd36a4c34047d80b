import { join } from 'node:path';
import { LOCAL_HARVESTER } from '../site/local-queue.js';
import type { Layout } from './layout.js';

export const BOX_VO = 'wlcg';

/** Eleven services share a server with the 100 connections PostgreSQL allows by default. */
const PANDA_DB_POOL_MAX = '6';

export interface Addresses {
  readonly databaseUrl: string;
  /** Absent: messages go through PostgreSQL. */
  readonly amqpUrl?: string;
  readonly gatewayPort: number;
}

/** What the services of a box are told. Everything that is not here has the default an operator gets, too. */
export function environmentOf(layout: Layout, { databaseUrl, amqpUrl, gatewayPort }: Addresses): Record<string, string> {
  const server = `http://localhost:${gatewayPort}`;
  return {
    DATABASE_URL: databaseUrl,
    ...(amqpUrl ? { BUS: 'rabbitmq', AMQP_URL: amqpUrl, PANDA_DB_POOL_MAX } : { BUS: 'postgres' }),
    PANDA_LOG_FORMAT: 'json',
    PANDA_HTTP_HOST: '127.0.0.1',
    PANDA_HTTP_PORT: String(gatewayPort),
    PANDA_SERVER_URL: server,
    PANDA_AUTH_CONFIG_DIR: layout.auth,
    PANDA_DEFAULT_VO: BOX_VO,
    PANDA_CACHE_DIR: layout.cache,
    PANDA_SECRETS_KEY_FILE: layout.secretsKey,
    PANDA_HARVESTER_ID: LOCAL_HARVESTER,
    PANDA_HARVESTER_SERVER: server,
    PANDA_HARVESTER_QUEUECONFIG: join(layout.harvester, 'panda_queueconfig.json'),
    PANDA_HARVESTER_STATE: join(layout.harvester, 'state'),
    PANDA_HARVESTER_TOKEN_FILE: join(layout.harvester, 'token'),
    PANDA_HARVESTER_ORIGIN: `${BOX_VO}.harvester`,
    // A stop has to end within ten seconds on a laptop; what is not finished by then is taken up by the next start.
    PANDA_STOP_DRAIN_LIMIT: '4s',
    PANDA_STOP_LIMIT: '7s',
    PANDA_BUS_DRAIN_LIMIT: '3s',
  };
}
