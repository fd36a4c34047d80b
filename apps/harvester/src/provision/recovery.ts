import { readdirSync } from 'node:fs';
import { Patience } from './patience.js';

/**
 * A pilot that dies leaves the state of its job in the spool, and the next pilot reports it. When no job waits there would be no next
 * pilot: then one is started for that, after a pause that grows while such pilots die too.
 */
export class Recovery {
  private readonly queues = new Map<string, { asked: boolean; patience: Patience }>();

  constructor(
    private readonly spool: string,
    private readonly firstPauseMs: number,
  ) {}

  ended(queue: string, well: boolean): void {
    const state = this.stateOf(queue);
    state.patience.ended(well);
    if (!well) state.asked = true;
  }

  isDue(queue: string, nowMs: number): boolean {
    const state = this.stateOf(queue);
    if (!state.asked || !state.patience.mayStart(nowMs)) return false;
    // A pilot that ended badly but had reported its job leaves nothing to recover.
    state.asked = this.hasStates();
    return state.asked;
  }

  started(queue: string, nowMs: number): void {
    const state = this.stateOf(queue);
    state.asked = false;
    state.patience.started(nowMs);
  }

  private hasStates(): boolean {
    try {
      return readdirSync(this.spool).some((name) => name.endsWith('.json'));
    } catch {
      // No pilot of this instance ever had a job.
      return false;
    }
  }

  private stateOf(queue: string): { asked: boolean; patience: Patience } {
    const known = this.queues.get(queue) ?? { asked: false, patience: new Patience(this.firstPauseMs) };
    this.queues.set(queue, known);
    return known;
  }
}
