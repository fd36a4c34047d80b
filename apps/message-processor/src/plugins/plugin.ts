import type { ExternalInputRepository, Tx } from '@panda/database';

/** What a message came to; goes to the log, and to the out queue of the processor if it has one. */
export interface Effect {
  readonly plugin: string;
  readonly outcome: 'done' | 'ignored';
  readonly jediTaskId?: number;
  /** Rows that changed. */
  readonly changed?: number;
  readonly reason?: string;
}

/** Handles messages in the transaction that remembers them. A repeat must change nothing. */
export interface MessagePlugin {
  /** Name in logs. */
  readonly name: string;
  /** Python modules of the original that an operator's configuration may name instead. */
  readonly modules: readonly string[];
  handle(tx: Tx, payload: unknown, input: ExternalInputRepository): Promise<Effect>;
}
