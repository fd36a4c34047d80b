import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { HttpTransport, type TlsOptions, type TokenSource, tokenFromFile } from '@panda/client';
import { environment, type Variables } from '@panda/config';
import { type Clock, Random } from '@panda/domain';
import { AccessPoint, isHarvesterMode } from './harvester-mode/access-point.js';
import { HeartbeatFile, ReportingServer } from './harvester-mode/file-servers.js';
import type { PilotOptions } from './options/options.js';
import type { PilotConfig } from './pilot.config.js';
import { makeWorkDirectory, Pilot } from './pilot.js';
import type { PilotLog } from './process/pilot-log.js';
import { SystemClock } from './process/system-clock.js';
import { Information } from './queue/information.js';
import { nodeName } from './report/identity.js';
import { nodeFacts } from './report/node-facts.js';
import { Spool } from './report/spool.js';
import type { JobServer } from './server/job-server.js';
import { PandaServer } from './server/panda-server.js';
import { fileCopyTool } from './transfer/file.copytool.js';
import { gridCopyTools } from './transfer/grid.copytools.js';
import { HttpCopyTool } from './transfer/http.copytool.js';
import { moveCopyTool } from './transfer/move.copytool.js';
import { PILOT_VERSION } from './version.js';

class SystemRandom extends Random {
  next(): number {
    return Math.random();
  }
}

export interface Launch {
  readonly options: PilotOptions;
  readonly config: PilotConfig;
  readonly log: PilotLog;
  /** Gives up even the last words of a job. */
  readonly giveUp: AbortSignal;
  readonly clock?: Clock;
  readonly variables?: Variables;
}

/** Puts a pilot together from its options and environment. */
export function launchPilot({
  options,
  config,
  log,
  giveUp,
  clock = new SystemClock(),
  variables = environment(),
}: Launch): Pilot {
  const home = resolve(config.home ?? '.');
  const own =
    options.workDir === undefined ? undefined : `PanDA_Pilot2_${process.pid}_${Math.floor(clock.now().getTime() / 1_000)}`;
  const workDir = makeWorkDirectory(resolve(options.workDir ?? home), own);
  const transport = new HttpTransport(tlsOf(options, config));
  const token = tokenOf(config, home);
  const panda = new PandaServer(
    {
      baseUrl: options.serverUrl,
      wire: config.wire,
      timeoutMs: config.requestTimeout,
      userAgent: `pilot/${PILOT_VERSION} (Node.js ${process.versions.node}; ${process.platform} ${process.arch})`,
      origin: config.origin,
      ...(token === undefined ? {} : { token }),
    },
    transport,
  );
  const information = new Information(sourcesOf(options), home, (url) => panda.json(url), clock, log, config.transferPause);
  // A transform or an input is loaded without the pilot's token: it belongs to the server alone.
  const tools = [fileCopyTool, new HttpCopyTool(transport), moveCopyTool, ...gridCopyTools(clock, variables)];
  const access = isHarvesterMode(options, config) ? accessPointOf(options, home) : undefined;
  const server = serverOf(options, home, panda, access);
  const spool = new Spool(config.spool ?? join(home, 'pilot_jobs'));
  const node = nodeFacts();
  const name = nodeName(variables, config.hostName);
  const shared = {
    options,
    config,
    server,
    tools,
    clock,
    random: new SystemRandom(),
    log,
    spool,
    variables,
    workDir,
    home,
    access,
    giveUp,
  };
  return new Pilot({ ...shared, node, nodeName: name }, information);
}

function accessPointOf({ accessFiles }: PilotOptions, home: string): AccessPoint {
  return new AccessPoint(resolve(accessFiles.workDir ?? accessFiles.dataDir ?? home), accessFiles);
}

function serverOf({ serverUpdates }: PilotOptions, home: string, panda: PandaServer, access: AccessPoint | undefined): JobServer {
  const told: JobServer = serverUpdates ? panda : new HeartbeatFile(join(home, 'heartbeat.json'));
  return access === undefined ? told : new ReportingServer(told, access);
}

function sourcesOf(options: PilotOptions) {
  return {
    queueDataUrl: options.queueDataUrl ?? `${options.serverUrl}/cache/schedconfig/{pandaqueue}.all.json`,
    storageDataUrl: options.storageDataUrl ?? `${options.serverUrl}/cache/ddmendpoints.json`,
  };
}

/** The token is a file; a relative name is looked for in the token directory, then in the pilot's home. */
function tokenOf({ tokenFile, tokenDir }: PilotConfig, home: string): TokenSource | undefined {
  if (tokenFile === undefined) return undefined;
  return tokenFromFile(isAbsolute(tokenFile) ? tokenFile : join(tokenDir ?? home, tokenFile));
}

/** Where grid tools keep the proxy of a user, and the certificates that all trust. */
export const gridPlaces = (uid = process.getuid?.() ?? 0) => ({
  proxy: `/tmp/x509up_u${uid}`,
  caPath: '/etc/grid-security/certificates',
});

/** Certificate and key from one PEM file: option, X509_USER_PROXY, the grid's place. Trust: option, X509_CERT_DIR, the grid's place. */
export function tlsOf(
  options: Pick<PilotOptions, 'certificate' | 'caPath'>,
  config: Pick<PilotConfig, 'proxy' | 'caPath'>,
  grid = gridPlaces(),
): TlsOptions {
  const candidates = [options.certificate, config.proxy, grid.proxy];
  const pem = candidates.map((path) => (path === undefined ? undefined : textOf(path))).find((text) => text !== undefined);
  const trusted = trustedBy([options.caPath, config.caPath, grid.caPath]);
  const ca = [...trusted, ...(pem === undefined ? [] : [pem])].join('\n');
  return { ...(pem === undefined ? {} : { cert: pem, key: pem }), ...(trusted.length === 0 ? {} : { ca }) };
}

function trustedBy(dirs: readonly (string | undefined)[]): string[] {
  for (const dir of dirs) {
    const names = dir === undefined ? undefined : namesIn(dir);
    if (dir === undefined || names === undefined) continue;
    return names.filter((name) => /\.(pem|crt|0)$/.test(name)).flatMap((name) => textOf(join(dir, name)) ?? []);
  }
  return [];
}

function namesIn(dir: string): string[] | undefined {
  try {
    return readdirSync(dir);
  } catch {
    // The next place may be there.
    return undefined;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The next place may be there.
    return undefined;
  }
}
