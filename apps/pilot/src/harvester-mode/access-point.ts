import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PilotOptions } from '../options/options.js';
import type { PilotConfig } from '../pilot.config.js';
import { isRecord } from '../queue/queue-data.js';
import type { Fields } from '../server/panda-server.js';

/** File names of the shared-file messenger. harvester:pandaharvester/harvestermessenger/shared_file_messenger.py@d561b72. */
export const accessPointFiles = {
  jobRequest: 'worker_requestjob.json',
  attributes: 'worker_attributes.json',
  eventStatus: 'event_status.dump.json',
  jobReport: 'jobReport.json',
  killWorker: 'kill_worker',
} as const;

/** Parts of a job report that Harvester has no use for and that can be large. */
const REPORT_BALLAST = ['executor', 'resource', 'cmdLine'] as const;

export interface DeclaredFile {
  readonly path: string;
  readonly type: 'output' | 'log';
  readonly bytes: number;
  readonly guid: string;
  readonly adler32: string;
}

/** Harvester mode: Harvester pushes jobs into a directory and takes what the pilot has to say from there. Spec: Pilot › Harvester. */
export function isHarvesterMode(
  options: Pick<PilotOptions, 'serverUpdates' | 'submitMode' | 'accessFiles'>,
  config: Pick<PilotConfig, 'harvesterId' | 'workerId'>,
): boolean {
  const named = Object.values(options.accessFiles).some((value) => value !== undefined);
  const pushed = options.submitMode === 'PUSH' && (config.harvesterId !== undefined || config.workerId !== undefined);
  return (!options.serverUpdates && named) || pushed;
}

/** The directory that a worker shares with Harvester. Files appear whole: they are read while we write. */
export class AccessPoint {
  private readonly attributesFile: string;
  private readonly eventStatusFile: string;

  constructor(
    private readonly dir: string,
    names: { readonly attributes?: string | undefined; readonly eventStatus?: string | undefined } = {},
  ) {
    mkdirSync(dir, { recursive: true });
    this.attributesFile = names.attributes ?? accessPointFiles.attributes;
    this.eventStatusFile = names.eventStatus ?? accessPointFiles.eventStatus;
  }

  /** Tells Harvester that this worker can take `count` more jobs. */
  requestJobs(count = 1): void {
    this.write(accessPointFiles.jobRequest, { nJobs: count });
  }

  /** The wish was fulfilled, or is no longer held. */
  withdrawRequest(): void {
    rmSync(join(this.dir, accessPointFiles.jobRequest), { force: true });
  }

  /** The work report: everything an update of the server would have, and the state under Harvester's name for it. */
  publishAttributes(fields: Fields): void {
    this.write(this.attributesFile, { ...fields, jobStatus: fields.state });
  }

  /** Files of a finished or failed job, for Harvester's stager; earlier jobs of this worker stay in the list. */
  declareFiles(pandaId: string, files: readonly DeclaredFile[]): void {
    const known = this.read(this.eventStatusFile);
    const entries = files.map(({ path, type, bytes, guid, adler32 }) => ({
      eventStatus: 'finished' as const,
      path,
      type,
      fsize: bytes,
      guid,
      chksum: adler32,
    }));
    this.write(this.eventStatusFile, { ...known, [pandaId]: entries });
  }

  /** A copy of the job report without its ballast. */
  publishJobReport(text: string): void {
    const report: unknown = JSON.parse(text);
    if (!isRecord(report)) return;
    const kept = Object.entries(report).filter(([name]) => !(REPORT_BALLAST as readonly string[]).includes(name));
    this.write(accessPointFiles.jobReport, Object.fromEntries(kept));
  }

  /** The pilot is done; Harvester may end the worker. */
  finish(): void {
    writeFileSync(join(this.dir, accessPointFiles.killWorker), '');
  }

  private write(name: string, value: unknown): void {
    const path = join(this.dir, name);
    writeFileSync(`${path}.part`, JSON.stringify(value));
    renameSync(`${path}.part`, path);
  }

  private read(name: string): Readonly<Record<string, unknown>> {
    const path = join(this.dir, name);
    const value: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    return isRecord(value) ? value : {};
  }
}
