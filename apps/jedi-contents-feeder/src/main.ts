import { runAgent } from '@panda/agents';
import { JediContentsFeederModule } from './app.module.js';

await runAgent(JediContentsFeederModule, { name: 'jedi-contents-feeder' });
