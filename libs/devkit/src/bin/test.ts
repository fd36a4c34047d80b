/** `npm test [unit] [int] [e2e]`: all tests, or the named projects. The last line is "N passed, N failed". */
import { PROJECTS, type Project } from '../suite/projects.js';
import { runTests } from '../suite/run-tests.js';

const asked = process.argv.slice(2);
const strange = asked.filter((name) => !PROJECTS.some((project) => project === name));
if (strange.length > 0) {
  console.error(`no such test project: ${strange.join(', ')}; there are ${PROJECTS.join(', ')}`);
  process.exit(2);
}
const projects = asked.length > 0 ? PROJECTS.filter((project) => asked.includes(project)) : PROJECTS;

const counts = await runTests(projects satisfies readonly Project[]);
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
