/** SQLSTATE classes after which the whole transaction may be repeated. Source: reliability TX6. */
const TRANSIENT_STATES = new Set(['40P01', '40001', '55P03', '57P01', '57P02', '57P03', '25006']);
const TRANSIENT_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const LOST_CONNECTION =
  /Connection terminated|timeout exceeded when trying to connect|server closed the connection|and is not queryable/i;

/** True when the failure says nothing about the request itself, so that repeating it can succeed. */
export function isTransient(error: unknown): boolean {
  // By shape: errors of sockets are made outside the context of a test.
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') {
    if (TRANSIENT_STATES.has(code) || TRANSIENT_CODES.has(code) || code.startsWith('08')) return true;
  }
  return LOST_CONNECTION.test(String(message));
}

/** The server took back the whole statement: a statement outside a transaction can simply be sent again. */
const TAKEN_BACK = new Set(['40P01', '40001', '55P03']);

export function wasTakenBack(error: unknown): boolean {
  return TAKEN_BACK.has(String((error as { code?: unknown } | null)?.code));
}
