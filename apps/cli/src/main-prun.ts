import { hostOfProcess } from './host.js';
import { runPrun } from './prun/prun.js';

process.exitCode = await runPrun(process.argv.slice(2), hostOfProcess());
