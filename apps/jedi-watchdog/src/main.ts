import { runAgent } from '@panda/agents';
import { JediWatchdogModule } from './app.module.js';

await runAgent(JediWatchdogModule, { name: 'jedi-watchdog' });
