import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { BusModule } from '@panda/bus';
import { Database } from '@panda/database';
import { Log } from '@panda/domain';
import { pg, RecordingLog, type TestDatabase } from '@panda/testing';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { GatewayModule } from '../gateway.module.js';
import { AUDIENCE, CLIENT_ID, startIssuer, type TestIssuer } from './issuer.js';

/** The outbox is looked at in the database; nothing has to leave it. */
@Module({})
class NoBus {}

export interface TestGateway {
  readonly url: string;
  readonly database: Database;
  readonly db: TestDatabase;
  readonly issuer: TestIssuer;
  readonly log: RecordingLog;
  readonly cacheDir: string;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/** A gateway as it runs, on a database of its own, with an identity provider of its own. */
export async function startGateway(changes: Partial<GatewayConfig> = {}): Promise<TestGateway> {
  const [db, issuer, dir] = await Promise.all([pg(), startIssuer(), mkdtemp(join(tmpdir(), 'panda-gateway-'))]);
  const auth = {
    audience: AUDIENCE,
    client_id: CLIENT_ID,
    client_secret: 's3cret',
    oidc_config_url: issuer.configUrl,
    vo: 'wlcg',
    robot_ids: ['panda-robot'],
  };
  await writeFile(join(dir, 'wlcg_auth_config.json'), JSON.stringify(auth));
  const config = gatewayKeys.with({
    authConfigDir: dir,
    cacheDir: join(dir, 'cache'),
    secretsKey: Buffer.alloc(32, 7).toString('base64'),
    ...changes,
  });
  const log = new RecordingLog();
  const module = await Test.createTestingModule({ imports: [GatewayModule] })
    .overrideModule(BusModule)
    .useModule(NoBus)
    .overrideProvider(gatewayKeys.token)
    .useValue(config)
    .overrideProvider(Database)
    .useValue(db.database)
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
    log,
    cacheDir: join(dir, 'cache'),
    app,
    close: async () => {
      await app.close();
      await issuer.close();
      await db.close().catch(() => undefined); // the application has ended the pool; only the database is left to drop
      await rm(dir, { recursive: true, force: true });
    },
  };
}
