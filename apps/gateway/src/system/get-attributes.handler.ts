import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, identityOf } from '../http/call.js';

@Injectable()
export class GetAttributes extends Handler<typeof operations.getAttributes> {
  readonly operation = operations.getAttributes;

  async handle(_args: ArgsOf<typeof operations.getAttributes>, call: Call) {
    const caller = identityOf(call);
    const parameters = Object.fromEntries([...call.rawArguments].map(([key, value]) => [key, masked(key, shown(value))]));
    const headers = Object.entries(call.headers).map(([name, value]): [string, string] => {
      const variable = `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;
      return [variable, masked(variable, shown(value))];
    });
    const fqans = caller.fqans.map((fqan, i): [string, string] => [`GRST_CRED_${i}`, `VOMS ${fqan}`]);
    return {
      parameters,
      environment: Object.fromEntries([...headers, ...fqans, ['SSL_CLIENT_S_DN', caller.subject], ['REMOTE_ADDR', call.address]]),
    };
  }
}

const SECRET = /pass|secret|token|credential|authorization|cookie|ingress/i;

function masked(name: string, value: string): string {
  return SECRET.test(name) ? '***' : value;
}

/** One line: a value with a newline could forge another variable. */
function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text.replace(/[\r\n]+/g, ' ').slice(0, 1_000);
}
