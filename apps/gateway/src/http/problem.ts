/** Too much is going on: 503 with `Retry-After` (reliability §3.8), or 429 when one caller asks too often (§8.6). */
export class Shed extends Error {
  constructor(
    readonly status: 429 | 503,
    readonly retryAfterS: number,
  ) {
    super(status === 429 ? 'too many requests' : 'the server is busy');
    this.name = 'Shed';
  }
}

/** No such method: 403, the name reduced to what cannot do harm in a text that clients may evaluate. */
export class ForbiddenMethod extends Error {
  constructor(name: string) {
    super(`method ${name.replace(/[^A-Za-z0-9_]/g, '').slice(0, 64)} is forbidden`);
    this.name = 'ForbiddenMethod';
  }
}

/** An answer in plain HTTP terms, for the few paths that are no operations. */
export class HttpProblem extends Error {
  constructor(
    readonly status: 400 | 404 | 413 | 415,
    message: string,
  ) {
    super(message);
    this.name = 'HttpProblem';
  }
}
