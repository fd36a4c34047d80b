import { Module } from '@nestjs/common';
import { attachBus } from '@panda/bus';
import { GatewayModule } from '@panda/gateway';
import { HarvesterModule } from '@panda/harvester';
import { JediPostProcessorModule } from '@panda/jedi-post-processor';
import { JediTaskRefinerModule } from '@panda/jedi-task-refiner';
import { runService } from '@panda/runtime';

/** The whole fleet as one Nest application: the same modules that run as separate services elsewhere. */
@Module({ imports: [GatewayModule, JediTaskRefinerModule, JediPostProcessorModule, HarvesterModule] })
class AllInOneModule {}

await runService(AllInOneModule, { name: 'box', http: true, prepare: attachBus });
