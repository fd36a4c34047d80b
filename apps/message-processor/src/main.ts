import { runAgent } from '@panda/agents';
import { MessageProcessorModule } from './app.module.js';

await runAgent(MessageProcessorModule, { name: 'message-processor' });
