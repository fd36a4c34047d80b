import type { CommandResult, PandaClient } from '@panda/client';
import pLimit from 'p-limit';
import type { Session } from '../session/session.js';
import { failureOf } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { queryTasks, REQUEST_ID_END, runSuperStatuses } from './task-query.js';

/** Commands to the server at a time, as in the real tool. */
const PARALLEL = 8;
const ALL_MAX = 1_000;

/** What the commands of one pbook session share. */
export class Book {
  readonly client: PandaClient;

  readonly session: Session;
  readonly terminal: Terminal;
  /** Directory relative paths start from. */
  readonly cwd: string;

  constructor(
    place: { readonly session: Session; readonly terminal: Terminal; readonly cwd: string },
    /** Name in the user's credential; filters of other users are sent, this one is the server's default. */
    readonly userName: string | undefined,
  ) {
    this.session = place.session;
    this.terminal = place.terminal;
    this.cwd = place.cwd;
    this.client = place.session.client;
  }

  info(text: string): void {
    this.terminal.out(`INFO : ${text}`);
  }

  error(text: string): void {
    this.terminal.out(`ERROR : ${text}`);
  }

  /** Numbers of the user's tasks that are still active. */
  async activeTasks(): Promise<number[]> {
    const tasks = await queryTasks(this.client, { limit: ALL_MAX, filters: { superStatus: runSuperStatuses } });
    return tasks.map(({ jediTaskID }) => jediTaskID);
  }

  /** Runs an order for each number; a request stands for its tasks. One answer for each number given. */
  forEach(ids: readonly number[], order: (jediTaskId: number) => Promise<boolean>): Promise<boolean[]> {
    const limit = pLimit(PARALLEL);
    return Promise.all(ids.map((id) => limit(() => this.forTasksOf(id, order))));
  }

  /** Sends an order and says how it went. Features CLI-pbook-08 to -10 */
  async give(jediTaskId: number, verb: string, done: string, order: () => Promise<CommandResult>): Promise<boolean> {
    this.info(`Sending ${verb}Task command ...`);
    try {
      this.info((await order()).message);
      if (done !== '') this.info(`Done, jediTaskID=${jediTaskId} ${done}`);
      return true;
    } catch (error) {
      const { message, code, hint } = failureOf(error);
      this.error(`${message}${code === undefined ? '' : ` (${code})`}`);
      this.error(`Failed to ${verb} jediTaskID=${jediTaskId}${hint === undefined ? '' : `. ${hint}`}`);
      return false;
    }
  }

  private async forTasksOf(id: number, order: (jediTaskId: number) => Promise<boolean>): Promise<boolean> {
    if (id >= REQUEST_ID_END) return order(id);
    const tasks = await queryTasks(this.client, { limit: ALL_MAX, filters: { reqID: [String(id)] } });
    if (tasks.length === 0) {
      this.terminal.out(`Permission denied: reqID=${id} is not owned by ${this.userName ?? 'you'}`);
      return false;
    }
    const answers: boolean[] = [];
    for (const { jediTaskID } of tasks) answers.push(await order(jediTaskID));
    return answers.every((answer) => answer);
  }
}
