import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { Handler } from '../http/call.js';

@Injectable()
export class IsAlive extends Handler<typeof operations.isAlive> {
  readonly operation = operations.isAlive;

  /** The process answers; nothing else is looked at. */
  async handle() {
    return true;
  }
}
