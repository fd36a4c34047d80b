import { Inject, Injectable } from '@nestjs/common';
import { AgentRuntime, PeriodicScript, type ScriptRun } from '@panda/agents';
import { type DueMail, MailRepository } from '@panda/database';
import { type Mailer, mailAddressOf, taskMail } from '@panda/domain';
import { type DaemonConfig, daemonKeys } from '../daemon.config.js';
import { SmtpMailer } from './smtp-mailer.js';

/** Mails of one run. */
const PORTION = 100;
const AGAIN_S = 600;
/** News of yesterday is told no more: a relay that was away for long must not drown people. */
const GIVE_UP_S = 86_400;
const SMTP_PORT = 25;

/** Tells owners that their tasks have ended. Spec: JEDI › Post Processor. */
@Injectable()
export class MailsScript extends PeriodicScript {
  readonly name = 'mails';
  private readonly mailer: Mailer | null;

  constructor(
    private readonly mails: MailRepository,
    private readonly runtime: AgentRuntime,
    @Inject(daemonKeys.token) { mailRelay, mailFrom }: DaemonConfig,
  ) {
    super();
    const [host = '', port] = mailRelay.split(':');
    this.mailer = host === '' ? null : new SmtpMailer({ host, port: Number(port ?? SMTP_PORT) }, mailFrom);
  }

  async run({ fence, signal }: ScriptRun): Promise<boolean> {
    const due = await this.mails.due(PORTION);
    for (const task of due) {
      if (signal.aborted) return false;
      const failure = await this.tell(task);
      if (failure === null || task.waitedS > GIVE_UP_S) await this.mails.done(task.taskId, fence);
      else await this.mails.again(task.taskId, AGAIN_S, failure, fence);
    }
    return due.length === PORTION;
  }

  /** Null when the mail is on its way or nobody is to get one; else why it could not be sent. */
  private async tell(task: DueMail): Promise<string | null> {
    const address = mailAddressOf(task);
    if (address === null || this.mailer === null) return null;
    const key = `panda-task-${task.taskId}-${task.endedAt}`;
    try {
      await this.mailer.send({ to: [address], ...taskMail(task), key });
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.runtime.log.warn('a mail could not be sent', { jediTaskId: task.taskId, reason });
      return reason;
    }
  }
}
