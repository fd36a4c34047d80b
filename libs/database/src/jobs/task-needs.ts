import type { Tx } from '../kernel/database.js';
import { jsonParam } from '../kernel/text.js';
import { raiseTaskNeeds } from '../statements/retry-module.js';
import { storeVerdict } from '../statements/verdicts.js';

/** What the retry rules change in a task, and why. */
export interface TaskNeeds {
  readonly jediTaskId: number;
  /** MB, in the unit of the task. */
  readonly ramCount: number | null;
  /** That fits the raised memory. */
  readonly resourceType: string | null;
  /** In the unit of the task. */
  readonly cpuTime: number | null;
  readonly remeasure: boolean;
  /** One entry for each failed job a rule matched. */
  readonly decisions: readonly { readonly pandaId: number; readonly explanation: string }[];
}

/** Writes what the retry rules decided; the last step of the transaction that ends the jobs (TX4: tasks after datasets). */
export async function applyRetry(tx: Tx, needs: readonly TaskNeeds[]): Promise<void> {
  for (const { jediTaskId, decisions, ...raised } of needs.toSorted((a, b) => a.jediTaskId - b.jediTaskId)) {
    if (raised.ramCount !== null || raised.cpuTime !== null || raised.remeasure) {
      await tx.run(raiseTaskNeeds, { id: jediTaskId, ...raised });
    }
    await tx.run(storeVerdict, { taskId: jediTaskId, agent: 'daemon', kind: 'retry', verdict: jsonParam({ decisions }) });
  }
}
