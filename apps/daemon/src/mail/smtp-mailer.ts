import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Mail, Mailer } from '@panda/domain';

/** The next hop answers within this, or the mail is sent again later. */
const TIMEOUT_MS = 30_000;

/** Replies that let the dialogue go on. */
const READY = 220;
const OK = 250;
const SEND_TEXT = 354;

/** Hands mail to a relay next door by SMTP (RFC 5321), without TLS and without a password: the relay knows its neighbours. */
export class SmtpMailer extends Mailer {
  constructor(
    private readonly relay: { readonly host: string; readonly port: number },
    private readonly from: string,
  ) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    const socket = connect(this.relay);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('the mail relay does not answer')));
    try {
      await this.converse(socket, mail);
    } finally {
      socket.destroy();
    }
  }

  private async converse(socket: Socket, mail: Mail): Promise<void> {
    const failed = new Promise<never>((_, reject) => socket.once('error', reject));
    failed.catch(() => undefined); // it is awaited below, or came too late to matter
    const replies = repliesOf(socket);
    const expect = async (code: number) => {
      const { value } = await Promise.race([replies.next(), failed]);
      if (value?.code !== code) throw new Error(`the mail relay answers ${value ? value.line : 'nothing more'}`);
    };
    const say = (line: string, code: number) => {
      socket.write(`${line}\r\n`);
      return expect(code);
    };
    await expect(READY);
    await say('EHLO panda', OK);
    await say(`MAIL FROM:<${this.from}>`, OK);
    for (const address of mail.to) await say(`RCPT TO:<${address}>`, OK);
    await say('DATA', SEND_TEXT);
    await say(`${messageOf(mail, this.from)}\r\n.`, OK);
    socket.end('QUIT\r\n');
  }
}

/** Replies may have several lines, `250-…`; the last has a space. */
async function* repliesOf(socket: Socket): AsyncGenerator<{ code: number; line: string }, undefined> {
  for await (const line of createInterface({ input: socket })) {
    if (line.charAt(3) !== '-') yield { code: Number(line.slice(0, 3)), line };
  }
}

/** Headers and text; base64 has no line that could end the mail. The key makes the Message-ID: a mail that came twice is known as one. */
function messageOf({ to, subject, text, key }: Mail, from: string): string {
  const encoded = `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
  const isPlain = /^[\x20-\x7e]*$/.test(subject);
  const headers = [
    `From: <${from}>`,
    `To: ${to.map((address) => `<${address}>`).join(', ')}`,
    `Subject: ${isPlain ? subject : encoded}`,
    `Message-ID: <${key}@${from.split('@')[1] ?? 'panda'}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ];
  const body =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [...headers, '', ...body].join('\r\n');
}
