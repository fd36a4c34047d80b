/** A value, or the sentence that says why there is none. What a user typed wrong is no exception. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly reason: string;
}

export function refused(reason: string): Refusal {
  return { ok: false, reason };
}

export function accepted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}
