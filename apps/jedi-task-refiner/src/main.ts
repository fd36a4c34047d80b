import { runAgent } from '@panda/agents';
import { JediTaskRefinerModule } from './app.module.js';

await runAgent(JediTaskRefinerModule, { name: 'jedi-task-refiner' });
