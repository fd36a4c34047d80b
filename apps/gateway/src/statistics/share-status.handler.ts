import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { ShareOrder } from '../pilot/share-order.js';

@Injectable()
export class ShareStatus extends Handler<typeof operations.shareStatus> {
  readonly operation = operations.shareStatus;

  constructor(private readonly shares: ShareOrder) {
    super();
  }

  async handle() {
    return (await this.shares.loads()).map(({ name, percent, executing, queued, pledged, ratio }) => ({
      name,
      value: percent,
      running: executing,
      queuing: queued,
      target: pledged,
      ratio,
    }));
  }
}
