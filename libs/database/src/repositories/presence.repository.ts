import { Injectable } from '@nestjs/common';
import { Database } from '../kernel/database.js';
import { markPresence, readInterruptions } from '../statements/presence.js';

/** Silence of a service that counts as an interruption: several missed words, not one. s. */
const INTERRUPTION_S = 60;

/** When services work and when they were away, on the database's clock. */
@Injectable()
export class PresenceRepository {
  constructor(private readonly database: Database) {}

  /** To be called every {@link PRESENCE_MS} while the service takes work. */
  async mark(name: string): Promise<void> {
    await this.database.run(markPresence, { name, afterS: INTERRUPTION_S });
  }

  /** Times within the last `withinS` seconds in which a service was away. */
  interruptions(withinS: number) {
    return this.database.run(readInterruptions, { withinS: Math.ceil(withinS), afterS: INTERRUPTION_S });
  }
}

/** Period in which a service says that it works. */
export const PRESENCE_MS = 15_000;
