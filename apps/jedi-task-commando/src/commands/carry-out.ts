import type { CommandedTask, Tx } from '@panda/database';

/** A task in the state of the command that is carried out, locked in this transaction. */
export interface Order {
  readonly task: CommandedTask;
  /** Options of the command; the task keeps them in its dialog while the command is under way. */
  readonly comment: string | null;
  /** JSON text with the command. */
  readonly parameters: string | null;
  /** A pass of the slow sweep: pilots that were told to stop, and have not, are told again. */
  readonly again: boolean;
}

/** What a pass comes to. `refused`: the command has no effect, and the task is where it was. */
export type Pass =
  | { readonly kind: 'done' }
  | { readonly kind: 'waits'; readonly jobs: number }
  | { readonly kind: 'refused'; readonly reason: string };

export const DONE: Pass = { kind: 'done' };

/** One command: everything it does happens in the transaction it is given, so that it is repeated or undone as a whole. */
export abstract class CarryOut {
  abstract pass(tx: Tx, order: Order): Promise<Pass>;
}
