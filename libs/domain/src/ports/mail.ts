export interface Mail {
  readonly to: readonly string[];
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** The same key is sent once: a repeated transaction or message must not mail twice. */
  readonly key: string;
}

/** Sends mail to people. Resolves when the next hop has taken it; a failure is temporary and may be repeated with the same key. */
export abstract class Mailer {
  abstract send(mail: Mail): Promise<void>;
}
