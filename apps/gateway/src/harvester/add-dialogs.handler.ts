import { Injectable } from '@nestjs/common';
import { type ArgsOf, isObject, operations, parseTime, pythonTime } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { type Call, Handler, Refused } from '../http/call.js';
import { HarvesterGuard } from './harvester-guard.js';

@Injectable()
export class AddDialogs extends Handler<typeof operations.addDialogs> {
  readonly operation = operations.addDialogs;

  constructor(
    private readonly harvesters: HarvesterRepository,
    private readonly guard: HarvesterGuard,
  ) {
    super();
  }

  async handle({ harvesterId, dialogs }: ArgsOf<typeof operations.addDialogs>, call: Call) {
    if (!Array.isArray(dialogs)) throw Refused.argument('dialogs must be a list');
    const rows = dialogs.flatMap(readDialog);
    if (rows.length < dialogs.length) throw Refused.argument('each dialog needs diagID, creationTime and diagMessage');
    const outcome = await this.guard.admits(harvesterId, call);
    if (!outcome.taken) return outcome;
    await this.harvesters.replaceDialogs({
      harvesterId,
      ids: rows.map(({ id }) => id),
      modules: rows.map(({ module }) => module),
      identifiers: rows.map(({ identifier }) => identifier),
      times: rows.map(({ at }) => at),
      levels: rows.map(({ level }) => level),
      messages: rows.map(({ message }) => message),
    });
    return outcome;
  }
}

function readDialog(value: unknown) {
  if (!isObject(value)) return [];
  const at = typeof value.creationTime === 'string' ? parseTime(value.creationTime) : undefined;
  const id = Number(value.diagID);
  if (at === undefined || !Number.isSafeInteger(id) || typeof value.diagMessage !== 'string') return [];
  const text = (field: unknown) => (typeof field === 'string' ? field.replaceAll('\0', '') : '');
  return [
    {
      id,
      at: pythonTime(at),
      module: text(value.moduleName),
      identifier: typeof value.identifier === 'string' ? text(value.identifier) : null,
      level: text(value.messageLevel),
      message: text(value.diagMessage),
    },
  ];
}
