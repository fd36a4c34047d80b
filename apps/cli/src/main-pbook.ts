import { runPbook } from './pbook/pbook.js';
import { Terminal } from './terminal/terminal.js';

process.exitCode = await runPbook(process.argv.slice(2), Terminal.ofProcess());
