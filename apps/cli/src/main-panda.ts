import { main } from './main.js';
import { runPanda } from './panda/program.js';

await main(runPanda);
