import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { DatabaseModule, ExternalInputRepository } from '@panda/database';
import { RuntimeModule } from '@panda/runtime';
import { MessageConsumer } from './message.consumer.js';
import { messageProcessorKeys } from './message-processor.config.js';
import { MessageProcessor } from './message-processor.js';
import { OutsideBrokers } from './outside-brokers.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule],
  controllers: [MessageConsumer],
  providers: [messageProcessorKeys.provider, ExternalInputRepository, MessageProcessor, OutsideBrokers],
})
export class MessageProcessorModule {}
