import { runAgent } from '@panda/agents';
import { JediPostProcessorModule } from './app.module.js';

await runAgent(JediPostProcessorModule, { name: 'jedi-post-processor' });
