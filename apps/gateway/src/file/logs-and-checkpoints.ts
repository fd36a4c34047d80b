import { Injectable } from '@nestjs/common';
import type { operations } from '@panda/contracts';
import { AccountRepository } from '@panda/database';
import type { Call } from '../http/call.js';
import { CHECKPOINT_BYTES_MAX, cacheName, checkpointName, LOG_BYTES_MAX, NAME_RULE } from './cache-files.js';
import { FileStore, StoreProblem } from './file-store.js';
import { limitText, uploadOf } from './sandboxes.js';

/** What programs store in the cache: logs of workers, which may grow, and checkpoints of parameter scans, which are replaced. */
@Injectable()
export class LogsAndCheckpoints {
  constructor(
    private readonly files: FileStore,
    private readonly accounts: AccountRepository,
  ) {}

  async storeLog(call: Call): Promise<operations.StoredFile> {
    const part = uploadOf(call);
    const name = cacheName(part.fileName);
    if (name === undefined) return { stored: false, reason: `cannot write file: ${NAME_RULE}` };
    // Logs grow, so they may be replaced; what a user's jobs run may not.
    if ((await this.accounts.sandbox(name)) !== null) return { stored: false, reason: 'cannot overwrite file' };
    try {
      await this.files.write(name, part.stream as AsyncIterable<Buffer>, { limit: LOG_BYTES_MAX, overwrite: true });
      return { stored: true, name, url: `${call.baseUrl}/cache/${name}` };
    } catch (error) {
      if (error instanceof StoreProblem) return { stored: false, reason: limitText(error.message) };
      throw error;
    }
  }

  /** A part of a log as text; null when there is no such file. `size` -1: to the end, at most the size of a log. */
  async readLog(given: string, offset: number, size: number): Promise<string | null> {
    const name = cacheName(given);
    const found = name === undefined || name !== given ? undefined : await this.files.stat(name);
    if (name === undefined || found === undefined) return null;
    const length = Math.max(0, Math.min(size < 0 ? LOG_BYTES_MAX : size, found.size - offset));
    return (await this.files.read(name, offset, length)).toString('utf8');
  }

  async storeCheckpoint(call: Call): Promise<operations.CheckpointOutcome> {
    const part = uploadOf(call);
    const checkpoint = checkpointName(part.fileName);
    if (checkpoint === undefined) return { status: false, message: 'the file must be named <task id>_<sub id>' };
    try {
      await this.files.write(checkpoint.name, part.stream as AsyncIterable<Buffer>, {
        limit: CHECKPOINT_BYTES_MAX,
        overwrite: true,
      });
      return { status: true, message: '' };
    } catch (error) {
      if (error instanceof StoreProblem) return { status: false, message: error.message };
      throw error;
    }
  }

  async removeCheckpoint(taskId: number, subId: string): Promise<operations.CheckpointOutcome> {
    const checkpoint = checkpointName(`${taskId}_${subId}`);
    if (checkpoint === undefined || subId.includes('/')) return { status: false, message: 'bad checkpoint id' };
    const removed = await this.files.remove(checkpoint.name);
    return removed ? { status: true, message: '' } : { status: false, message: 'no such checkpoint' };
  }
}
