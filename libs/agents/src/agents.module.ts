import { Global, Module } from '@nestjs/common';
import { AgentRuntime } from './agent/agent-runtime.js';
import { Leases } from './lease/leases.js';

/** What agents share; needs RuntimeModule and DatabaseModule beside it. */
@Global()
@Module({ providers: [AgentRuntime, Leases], exports: [AgentRuntime, Leases] })
export class AgentsModule {}
