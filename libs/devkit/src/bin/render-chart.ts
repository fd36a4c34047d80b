/** `npm run gen:chart` renders the chart's examples and writes them as the expected output of its tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { examples, GOLDEN, goldenOf, renderExample } from '../chart/examples.js';
import { normalised } from '../chart/manifests.js';
import { findRenderer } from '../chart/renderer.js';

const renderer = findRenderer();
if (renderer.name === 'none') throw new Error(`cannot render the chart: ${renderer.reason}`);
mkdirSync(GOLDEN, { recursive: true });
for (const example of examples()) {
  writeFileSync(goldenOf(example), normalised(renderExample(renderer, example)));
  console.log(goldenOf(example));
}
