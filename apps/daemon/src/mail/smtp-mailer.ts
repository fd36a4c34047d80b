import { type Mail, Mailer } from '@panda/domain';
import { createTransport, type Transporter } from 'nodemailer';

/** The next hop answers within this, or the mail is sent again later. */
const TIMEOUT_MS = 30_000;

/** Hands mail to a relay next door by SMTP, without TLS and without a password: the relay knows its neighbours. */
export class SmtpMailer extends Mailer {
  private readonly relay: Transporter;
  private readonly domain: string;

  constructor(
    { host, port }: { readonly host: string; readonly port: number },
    private readonly from: string,
  ) {
    super();
    const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
    this.relay = createTransport({
      host,
      port,
      secure: false,
      ignoreTLS: true,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...timeouts,
    });
    this.domain = from.split('@')[1] ?? 'panda';
  }

  /** The key makes the Message-ID: a mail that came twice is known as one. */
  async send({ to, subject, text, key }: Mail): Promise<void> {
    await this.relay.sendMail({ from: this.from, to: [...to], subject, text, messageId: `<${key}@${this.domain}>` });
  }
}
