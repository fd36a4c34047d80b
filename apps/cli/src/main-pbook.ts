import { main } from './main.js';
import { runPbook } from './pbook/pbook.js';

await main(runPbook);
