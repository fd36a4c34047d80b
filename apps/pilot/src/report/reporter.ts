import type { Clock, Log } from '@panda/domain';
import { type Instruction, readInstruction } from '../server/backchannel.js';
import type { JobServer } from '../server/job-server.js';
import { type Fields, NoAnswer } from '../server/panda-server.js';

/** What an update says beside its state; asked for anew each time. */
export type Measure = () => Fields;

export interface ReporterSettings {
  readonly heartbeatMs: number;
  readonly debugHeartbeatMs: number;
}

/**
 * Non-final updates of one job, one at a time and in order. A lost one is not repeated: the next heartbeat says more. What the server
 * answers goes to `obey`.
 */
export class Reporter {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly stopped = new AbortController();
  private wake = new AbortController();
  private debugging = false;

  constructor(
    private readonly server: JobServer,
    private readonly measure: Measure,
    private readonly settings: ReporterSettings,
    private readonly tools: { clock: Clock; log: Log; obey: (instruction: Instruction) => void },
  ) {}

  /** Sends the present state; resolves when it was answered or failed. */
  report(): Promise<void> {
    const sent = this.queue.then(() => this.send());
    this.queue = sent;
    return sent;
  }

  /** Reports every heartbeat until {@link stop}. */
  async beat(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      this.wake = new AbortController();
      const period = this.debugging ? this.settings.debugHeartbeatMs : this.settings.heartbeatMs;
      await this.tools.clock.sleep(period, AbortSignal.any([this.stopped.signal, this.wake.signal]));
      if (!this.stopped.signal.aborted) await this.report();
    }
  }

  /** From now on the shorter period of debug jobs. */
  debug(): void {
    if (this.debugging) return;
    this.debugging = true;
    this.hurry();
  }

  /** Back to the longer period, after the heartbeat that is due. */
  calm(): void {
    this.debugging = false;
  }

  /** The next heartbeat is due now. */
  hurry(): void {
    this.wake.abort();
  }

  /** No update leaves after this has resolved: a final report must be the last word. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.queue;
  }

  private async send(): Promise<void> {
    if (this.stopped.signal.aborted) return;
    try {
      const reply = await this.server.updateJob(this.measure(), this.stopped.signal);
      this.tools.log.debug('an update was answered', { ...reply });
      if (reply.command !== undefined) this.tools.obey(readInstruction(reply.command));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (!this.stopped.signal.aborted) this.tools.log.warn('an update found no server', { reason: error.message });
    }
  }
}
