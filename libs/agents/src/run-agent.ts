import type { Type } from '@nestjs/common';
import { attachBus } from '@panda/bus';
import { runService, type ServiceOptions } from '@panda/runtime';

/** Starts an agent service with its consumers and leaves its process to it: the whole `main.ts` of an agent app. */
export function runAgent(module: Type, options: Pick<ServiceOptions, 'name'>): Promise<void> {
  return runService(module, { ...options, prepare: attachBus });
}
