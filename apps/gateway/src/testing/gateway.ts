import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { BusModule } from '@panda/bus';
import { Database, openPool } from '@panda/database';
import { Log } from '@panda/domain';
import { pg, RecordingLog, type TestDatabase } from '@panda/testing';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { GatewayModule } from '../gateway.module.js';
import { type CuttableLink, linkTo } from './cuttable-link.js';
import { AUDIENCE, CLIENT_ID, startIssuer, type TestIssuer } from './issuer.js';

/** The outbox is looked at in the database; nothing has to leave it. */
@Module({})
class NoBus {}

export interface TestGateway {
  readonly url: string;
  /** For the test's own questions; the gateway has connections of its own. */
  readonly database: Database;
  readonly db: TestDatabase;
  readonly issuer: TestIssuer;
  /** Only when asked for. */
  readonly link: CuttableLink | undefined;
  readonly log: RecordingLog;
  readonly cacheDir: string;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

const POOL = {
  max: 4,
  applicationName: 'gateway',
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 1_000,
  idleInTransactionMs: 60_000,
};

/** A gateway as it runs, on a database and with an identity provider of its own, or as another instance beside one. */
export async function startGateway(
  changes: Partial<GatewayConfig> = {},
  cuttable = false,
  beside?: TestGateway,
): Promise<TestGateway> {
  const dir = await mkdtemp(join(tmpdir(), 'panda-gateway-'));
  const [db, issuer] = beside ? [beside.db, beside.issuer] : await Promise.all([pg(), startIssuer()]);
  const auth = {
    audience: AUDIENCE,
    client_id: CLIENT_ID,
    client_secret: 's3cret',
    oidc_config_url: issuer.configUrl,
    vo: 'wlcg',
    robot_ids: ['panda-robot'],
  };
  await writeFile(join(dir, 'wlcg_auth_config.json'), JSON.stringify(auth));
  await writeFile(join(dir, 'esc_auth_config.json'), JSON.stringify({ ...auth, vo: 'esc' }));
  const config = gatewayKeys.with({
    authConfigDir: dir,
    cacheDir: join(dir, 'cache'),
    secretsKey: Buffer.alloc(32, 7).toString('base64'),
    ...changes,
  });
  const log = new RecordingLog();
  const link = cuttable ? await linkTo(db.url) : undefined;
  const database = new Database(openPool({ ...POOL, url: link?.url ?? db.url }));
  const module = await Test.createTestingModule({ imports: [GatewayModule] })
    .overrideModule(BusModule)
    .useModule(NoBus)
    .overrideProvider(gatewayKeys.token)
    .useValue(config)
    .overrideProvider(Database)
    .useValue(database)
    .overrideProvider(Log)
    .useValue(log)
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  await app.listen(0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    database: db.database,
    db,
    issuer,
    link,
    log,
    cacheDir: join(dir, 'cache'),
    app,
    close: async () => {
      await app.close();
      await link?.close();
      if (!beside) await issuer.close();
      if (!beside) await db.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
