import { main } from './main.js';
import { runPrun } from './prun/prun.js';

await main(runPrun);
