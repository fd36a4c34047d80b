import { runAgent } from '@panda/agents';
import { JediTaskCommandoModule } from './app.module.js';

await runAgent(JediTaskCommandoModule, { name: 'jedi-task-commando' });
