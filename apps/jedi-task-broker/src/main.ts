import { runAgent } from '@panda/agents';
import { JediTaskBrokerModule } from './app.module.js';

await runAgent(JediTaskBrokerModule, { name: 'jedi-task-broker' });
