import { type Topic, topics } from '@panda/contracts';
import {
  type Database,
  DedicatedSession,
  markPublished,
  markUnpublished,
  OUTBOX_CHANNEL,
  type OutboxRow,
  outboxBacklog,
  readOutbox,
  reopenLost,
  type Session,
  storeDeadLetter,
  tryRelayLock,
} from '@panda/database';
import { jittered } from '@panda/domain';
import type { Bus, Envelope } from '../bus.js';
import type { BusRuntime } from '../bus-runtime.js';
import { failureKind, reasonCode, reasonText } from '../failure.js';
import { Bell } from '../waking/bell.js';
import { envelopeOf } from './outbox-message.js';

export interface RelaySettings {
  readonly batch: number;
  readonly pollMs: number;
}

/** The server ends the session of a relay that is frozen, so that another takes over. Well above the poll period. */
const SILENCE_LIMIT_MS = 15_000;
const REOPEN_MS = 1_000;
/** A topic whose messages are not taken is left alone for this long; others go on. */
const TOPIC_PAUSE_MS = 2_000;
const GAP_CHECK_MS = 300_000;
const UNHANDLED_AFTER_MS = 900_000;

const byName: ReadonlyMap<string, Topic> = new Map(Object.values(topics).map((topic) => [topic.name, topic]));
const consumers = [...new Set(Object.values(topics).flatMap((topic) => [...topic.consumers]))];

/**
 * Publishes the outbox. Every process has a relay and one of them publishes, the one whose session holds the lock: so the
 * order of messages is the order of the outbox, and no transaction is open while the broker is asked. A crash between
 * confirm and mark publishes again under the same ids.
 */
export class OutboxRelay {
  private readonly bell: Bell;
  private readonly stopper = new AbortController();
  private readonly pausedUntil = new Map<string, number>();
  private gapCheckedMs = 0;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly runtime: BusRuntime,
    private readonly settings: RelaySettings,
  ) {
    this.bell = new Bell(runtime.clock);
    const spec = { name: 'panda_outbox_messages', help: 'Messages that wait to be published.' };
    const age = { name: 'panda_outbox_oldest_seconds', help: 'Age of the oldest message that waits to be published.' };
    runtime.metrics.observed(spec, async () => (await this.backlog()).messages);
    runtime.metrics.observed(age, async () => (await this.backlog()).oldest_ms / 1_000);
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** There is something to publish. */
  wake(): void {
    this.bell.ring();
  }

  async stop(): Promise<void> {
    this.stopper.abort();
    await this.loop;
  }

  /** Publishes what waits, up to one batch. Returns how many messages were taken; more than none means: look again. */
  async pass(session: Session): Promise<number> {
    const rows = await session.run(readOutbox, { limit: this.settings.batch, without: this.paused() });
    const taken = await Promise.all([...byTopic(rows)].map(([key, group]) => this.publishGroup(session, key, group)));
    return taken.reduce((sum, count) => sum + count, 0);
  }

  private async run(): Promise<void> {
    const { clock, random, log } = this.runtime;
    const { signal } = this.stopper;
    while (!signal.aborted) {
      try {
        await this.relay();
      } catch (error) {
        if (!signal.aborted) log.warn('the outbox cannot be read, it is tried again', { error });
      }
      await clock.sleep(jittered(random, REOPEN_MS), signal);
    }
  }

  /** On one session, until it is gone or this stops. */
  private async relay(): Promise<void> {
    const session = await DedicatedSession.open(this.database, { idleLimitMs: SILENCE_LIMIT_MS });
    const ended = AbortSignal.any([session.lost, this.stopper.signal]);
    try {
      while (!ended.aborted && !(await this.leads(session))) await this.runtime.clock.sleep(this.settings.pollMs, ended);
      if (ended.aborted) return;
      await session.listen(OUTBOX_CHANNEL, () => this.bell.ring());
      while (!ended.aborted) {
        const taken = await this.pass(session);
        await this.checkGap(session);
        if (taken === 0) await this.bell.wait(this.settings.pollMs, ended);
      }
    } finally {
      if (!session.lost.aborted) await session.close();
    }
  }

  private async leads(session: Session): Promise<boolean> {
    const [row] = await session.run(tryRelayLock, {});
    return row?.held ?? false;
  }

  private async publishGroup(session: Session, key: string, rows: readonly OutboxRow[]): Promise<number> {
    const topic = byName.get(key);
    if (!topic) return this.bury(session, rows, 'unknown-topic', `there is no topic '${key}'`);
    try {
      await this.bus.publish(topic, rows.map(envelopeOf));
    } catch (error) {
      return this.notTaken(session, topic, rows, error);
    }
    const marked = await session.run(markPublished, { ids: rows.map(({ id }) => id) });
    return marked.length;
  }

  /** The transport refuses for now: the topic rests. It can never take one of them: that one is put aside. */
  private async notTaken(session: Session, topic: Topic, rows: readonly OutboxRow[], error: unknown): Promise<number> {
    if (failureKind(error) === 'permanent') {
      if (rows.length === 1) return this.bury(session, rows, reasonCode(error), reasonText(error));
      let taken = 0;
      for (const row of rows) taken += await this.publishGroup(session, topic.name, [row]);
      return taken;
    }
    this.pausedUntil.set(topic.name, this.runtime.clock.elapsedMs() + TOPIC_PAUSE_MS);
    this.runtime.log.warn('messages are not taken and stay in the outbox', { topic: topic.name, count: rows.length, error });
    await session.run(markUnpublished, { ids: rows.map(({ id }) => id), error: reasonText(error) });
    return 0;
  }

  private async bury(session: Session, rows: readonly OutboxRow[], reasonCode: string, reasonText: string): Promise<number> {
    const now = this.runtime.clock.now().toISOString();
    for (const row of rows) {
      const envelope: Envelope = envelopeOf(row);
      this.runtime.log.error('a message cannot be published and is put aside', { messageId: row.id, reasonCode, reasonText });
      await session.run(storeDeadLetter, {
        messageId: row.id,
        queue: row.routing_key,
        consumer: 'outbox',
        reasonCode,
        reasonText,
        firstFailedAt: row.created_at.toISOString(),
        lastFailedAt: now,
        attempts: 1,
        envelope: JSON.stringify(envelope),
        raw: null,
      });
    }
    await session.run(markPublished, { ids: rows.map(({ id }) => id) });
    return rows.length;
  }

  /** Critical messages that nobody handled long after they were published go out again. */
  private async checkGap(session: Session): Promise<void> {
    const now = this.runtime.clock.elapsedMs();
    if (now - this.gapCheckedMs < GAP_CHECK_MS) return;
    this.gapCheckedMs = now;
    const lost = await session.run(reopenLost, { afterMs: UNHANDLED_AFTER_MS, consumers, limit: this.settings.batch });
    if (lost.length > 0) this.runtime.log.error('published messages were lost and go out again', { count: lost.length });
  }

  private paused(): string[] {
    const now = this.runtime.clock.elapsedMs();
    for (const [name, until] of this.pausedUntil) if (until <= now) this.pausedUntil.delete(name);
    return [...this.pausedUntil.keys()];
  }

  private async backlog(): Promise<{ messages: number; oldest_ms: number }> {
    const [row] = await this.database.run(outboxBacklog, {});
    return row ?? { messages: 0, oldest_ms: 0 };
  }
}

/** Order within a topic is kept; topics have queues of their own. */
function byTopic(rows: readonly OutboxRow[]): Map<string, OutboxRow[]> {
  const groups = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const group = groups.get(row.routing_key);
    if (group) group.push(row);
    else groups.set(row.routing_key, [row]);
  }
  return groups;
}
