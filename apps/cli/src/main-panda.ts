import { hostOfProcess } from './host.js';
import { runPanda } from './panda/program.js';

process.exitCode = await runPanda(process.argv.slice(2), hostOfProcess());
