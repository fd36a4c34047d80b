import { runPrun } from './prun/prun.js';
import { Terminal } from './terminal/terminal.js';

process.exitCode = await runPrun(process.argv.slice(2), Terminal.ofProcess());
