import { busBench } from './bus.bench.js';
import { dispatchBench } from './dispatch.bench.js';
import { generationBench } from './generation.bench.js';
import { type Bench, table } from './measure.js';
import { submissionBench } from './submission.bench.js';

/** Every bench of the project by name: `npm run bench -- bus`. */
const benches: Readonly<Record<string, Bench>> = {
  bus: busBench,
  dispatch: dispatchBench,
  generation: generationBench,
  submission: submissionBench,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`\n${name}\n\n${table(await bench())}\n`);
}
