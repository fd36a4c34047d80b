import type { Variables } from '@panda/config';
import type { Clock, Random } from '@panda/domain';
import type { AccessPoint } from '../harvester-mode/access-point.js';
import type { PilotOptions } from '../options/options.js';
import type { PilotConfig } from '../pilot.config.js';
import type { PilotLog } from '../process/pilot-log.js';
import type { NodeFacts } from '../report/node-facts.js';
import type { Spool } from '../report/spool.js';
import type { JobServer } from '../server/job-server.js';
import type { CopyTool } from '../transfer/copytool.js';

/** What a pilot has, and each of its jobs uses. */
export interface PilotContext {
  readonly options: PilotOptions;
  readonly config: PilotConfig;
  readonly server: JobServer;
  /** The directory shared with Harvester, in Harvester mode. */
  readonly access: AccessPoint | undefined;
  readonly tools: readonly CopyTool[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: PilotLog;
  readonly spool: Spool;
  readonly variables: Variables;
  /** Job directories are made here. */
  readonly workDir: string;
  readonly home: string;
  readonly node: NodeFacts;
  readonly nodeName: string;
  /** Fires when there is no time left even for the last words of a job. */
  readonly giveUp: AbortSignal;
}
