import { runPanda } from './panda/program.js';
import { Terminal } from './terminal/terminal.js';

process.exitCode = await runPanda(process.argv.slice(2), Terminal.ofProcess());
