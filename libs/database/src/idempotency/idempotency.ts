import { createHash } from 'node:crypto';
import type { Tx } from '../kernel/database.js';
import { jsonParam } from '../kernel/text.js';
import { beginIdempotent, finishIdempotent, readIdempotent } from '../statements/idempotency.js';

export interface IdempotentRequest {
  /** The operation, e.g. `task/submit`. */
  readonly scope: string;
  readonly key: string;
  readonly principal: string;
  readonly body: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly response: unknown;
}

/** The key was used before by somebody else, or with another request: answering it would tell or do the wrong thing. */
export class KeyMisused extends Error {
  constructor(key: string) {
    super(`the idempotency key '${key}' belongs to another request`);
    this.name = 'KeyMisused';
  }
}

/**
 * Runs `work` once per key: the answer is stored in the transaction of the effect, a repeat gets it without running. A
 * concurrent repeat waits for the first by the key's row lock. Throws {@link KeyMisused}.
 */
export async function once(tx: Tx, request: IdempotentRequest, work: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
  const { scope, key, principal } = request;
  const hash = createHash('sha256').update(request.body).digest();
  const [begun] = await tx.run(beginIdempotent, { scope, key, principal, hash });
  if (!begun) {
    const [known] = await tx.run(readIdempotent, { scope, key });
    if (known?.status == null || known.principal !== principal || !known.hash.equals(hash)) throw new KeyMisused(key);
    return { status: known.status, response: known.response };
  }
  const answer = await work();
  await tx.run(finishIdempotent, { scope, key, status: answer.status, response: jsonParam(answer.response) });
  return answer;
}
