import { Module } from '@nestjs/common';
import { attachBus } from '@panda/bus';
import { DaemonModule } from '@panda/daemon';
import { GatewayModule } from '@panda/gateway';
import { HarvesterModule } from '@panda/harvester';
import { JediContentsFeederModule } from '@panda/jedi-contents-feeder';
import { JediJobGeneratorModule } from '@panda/jedi-job-generator';
import { JediPostProcessorModule } from '@panda/jedi-post-processor';
import { JediTaskBrokerModule } from '@panda/jedi-task-broker';
import { JediTaskCommandoModule } from '@panda/jedi-task-commando';
import { JediTaskRefinerModule } from '@panda/jedi-task-refiner';
import { JediWatchdogModule } from '@panda/jedi-watchdog';
import { MessageProcessorModule } from '@panda/message-processor';
import { runService } from '@panda/runtime';

/** The whole fleet as one Nest application: the same modules that run as separate services elsewhere. */
@Module({
  imports: [
    GatewayModule,
    JediTaskRefinerModule,
    JediContentsFeederModule,
    JediTaskBrokerModule,
    JediJobGeneratorModule,
    JediPostProcessorModule,
    JediTaskCommandoModule,
    JediWatchdogModule,
    DaemonModule,
    MessageProcessorModule,
    HarvesterModule,
  ],
})
class AllInOneModule {}

await runService(AllInOneModule, { name: 'box', http: true, prepare: attachBus });
