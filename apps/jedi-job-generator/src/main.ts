import { runAgent } from '@panda/agents';
import { JediJobGeneratorModule } from './app.module.js';

await runAgent(JediJobGeneratorModule, { name: 'jedi-job-generator' });
