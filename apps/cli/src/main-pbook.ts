import { hostOfProcess } from './host.js';
import { runPbook } from './pbook/pbook.js';

process.exitCode = await runPbook(process.argv.slice(2), hostOfProcess());
