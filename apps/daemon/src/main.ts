import { runAgent } from '@panda/agents';
import { DaemonModule } from './app.module.js';

await runAgent(DaemonModule, { name: 'daemon' });
