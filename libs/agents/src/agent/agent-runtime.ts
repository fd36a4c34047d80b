import { Injectable } from '@nestjs/common';
import { BusRuntime } from '@panda/bus';

/** What every agent, script and lease is given, as one thing: the same as the parts of the bus. */
@Injectable()
export class AgentRuntime extends BusRuntime {}
