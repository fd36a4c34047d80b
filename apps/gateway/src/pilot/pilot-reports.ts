import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type operations, statusCodes } from '@panda/contracts';
import { Database, isTransient, type PilotAnswer, type PilotReport, recordPilotUpdates } from '@panda/database';
import { Clock, type Counter, isFinalReport, Log, Metrics, Random } from '@panda/domain';
import { hasRole } from '../auth/caller.js';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { type Call, identityOf, Refused } from '../http/call.js';
import { MicroBatch } from '../http/micro-batch.js';
import { Shed } from '../http/problem.js';
import type { RecordedReport } from './job-report.js';
import { ReportOwners } from './report-owners.js';

type Answer = operations.UpdateAnswer;

/** Heartbeats of one statement; finals of one transaction. */
const HEARTBEATS = { max: 500, parallel: 2 };
const FINALS = { max: 50, parallel: 4 };
/** A failed heartbeat is answered late: pilots of 2021 repeat it at once, ten times (reliability §3.4). */
const HEARTBEAT_PAUSE_MS = { min: 5_000, max: 15_000 } as const;
const HEARTBEATS_PAUSED_MAX = 2_000;
/** Pause between tries while a final report is held. */
const HOLD_PAUSE_MS = 500;

/**
 * What pilots report. Heartbeats are committed in groups; a final report is answered only after state and output report are durable,
 * and is held while the database is away, because pilots drop a report after an answer (reliability §3.4).
 */
@Injectable()
export class PilotReports {
  private readonly heartbeats: MicroBatch<PilotReport, PilotAnswer>;
  private readonly finals: MicroBatch<PilotReport, PilotAnswer>;
  private readonly updates: Counter<'state' | 'rule'>;
  /** Final reports in work, by their content: a repeat that comes meanwhile is the same report and gets the same answer. */
  private readonly inWork = new Map<string, Promise<PilotAnswer>>();
  private held = 0;
  private paused = 0;

  constructor(
    private readonly database: Database,
    private readonly owners: ReportOwners,
    @Inject(gatewayKeys.token) private readonly config: GatewayConfig,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Random) private readonly random: Random,
    @Inject(Log) private readonly log: Log,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.heartbeats = new MicroBatch((reports) => recordPilotUpdates(this.database, reports), HEARTBEATS);
    this.finals = new MicroBatch((reports) => recordPilotUpdates(this.database, reports), FINALS);
    this.updates = metrics.counter({
      name: 'panda_gateway_job_updates_total',
      help: 'Updates of pilots, by state and what became of them.',
      labels: ['state', 'rule'],
    });
    metrics.observed({ name: 'panda_gateway_reports_held', help: 'Final reports that wait for the database.' }, () => this.held);
  }

  async take(read: RecordedReport, call: Call): Promise<Answer> {
    const { report } = read;
    await this.admit([read], call);
    const answer = isFinalReport(report.state) ? await this.hold(report, call) : await this.heartbeat(report);
    return this.told(report, answer);
  }

  /** Many reports of one Harvester call; answers keep the order. All are held as one when a final is among them. */
  async takeAll(read: readonly RecordedReport[], call: Call): Promise<Answer[]> {
    await this.admit(read, call);
    const reports = read.map(({ report }) => report);
    const answers = await this.untilDeadline(call, () => recordPilotUpdates(this.database, reports));
    return reports.map((report, i) => this.told(report, answers[i] as PilotAnswer));
  }

  /** Callers without a pilot's role report their own jobs only. */
  private async admit(read: readonly RecordedReport[], call: Call): Promise<void> {
    const caller = identityOf(call);
    if (!hasRole(caller, 'pilot', 'production', 'harvester', 'admin')) {
      const ids = read.map(({ report }) => report.pandaId);
      const foreign = await this.owners.foreign(ids, caller.userName);
      if (foreign) throw new Refused({ reason: 'role', message: 'production or pilot role required' });
    }
    for (const { report, cut } of read)
      if (Object.keys(cut).length > 0)
        this.log.warn('texts of a report were cut to their columns', { PandaID: report.pandaId, cut });
  }

  private async heartbeat(report: PilotReport): Promise<PilotAnswer> {
    try {
      return await this.heartbeats.add(report);
    } catch (error) {
      if (isTransient(error)) await this.pauseBeforeRefusal();
      throw error;
    }
  }

  private async pauseBeforeRefusal(): Promise<void> {
    if (this.paused >= HEARTBEATS_PAUSED_MAX) return;
    this.paused++;
    try {
      const { min, max } = HEARTBEAT_PAUSE_MS;
      await this.clock.sleep(min + this.random.next() * (max - min));
    } finally {
      this.paused--;
    }
  }

  private hold(report: PilotReport, call: Call): Promise<PilotAnswer> {
    const key = createHash('sha256').update(JSON.stringify(report)).digest('base64');
    const known = this.inWork.get(key);
    if (known) return known;
    const answer = this.untilDeadline(call, () => this.finals.add(report)).finally(() => this.inWork.delete(key));
    this.inWork.set(key, answer);
    return answer;
  }

  /** Tries again while the database is away, up to the time at which the pilot would give up; then 503 with an empty body. */
  private async untilDeadline<T>(call: Call, work: () => Promise<T>): Promise<T> {
    const deadline = call.arrivedMs + this.config.holdReports;
    let holding = false;
    try {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!isTransient(error) || this.clock.elapsedMs() + HOLD_PAUSE_MS > deadline) throw error;
          if (!holding) {
            if (this.held >= this.config.holdMax) throw new Shed(503, 30);
            this.held++;
            holding = true;
            this.log.warn('a final report waits for the database', { error });
          }
          await this.clock.sleep(HOLD_PAUSE_MS);
        }
      }
    } finally {
      if (holding) this.held--;
    }
  }

  private told({ state }: PilotReport, { command, rule }: PilotAnswer): Answer {
    this.updates.add({ state, rule });
    return { statusCode: statusCodes.success, command };
  }
}
