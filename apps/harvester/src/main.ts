import { runService } from '@panda/runtime';
import { HarvesterModule } from './harvester.module.js';

await runService(HarvesterModule, { name: 'harvester' });
