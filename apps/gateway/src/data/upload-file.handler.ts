import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { uploadOf } from '../file/sandboxes.js';
import { type Call, Handler, identityOf } from '../http/call.js';
import { UserData } from './user-data.js';

@Injectable()
export class UploadFile extends Handler<typeof operations.uploadFile> {
  readonly operation = operations.uploadFile;

  constructor(private readonly data: UserData) {
    super();
  }

  handle(_args: ArgsOf<typeof operations.uploadFile>, call: Call) {
    return this.data.upload(uploadOf(call), identityOf(call));
  }
}
