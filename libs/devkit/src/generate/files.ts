/** Everything that is generated. A generator reads the registries of the libraries and returns files; it writes nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesIn } from '../repository/files.js';
import { root } from '../repository/root.js';
import { brokerageFile } from './brokerage.js';
import { configurationFile, envExample } from './configuration.js';
import type { GeneratedFile } from './document.js';
import { errorsFile } from './errors.js';
import { featuresFile } from './features.js';
import { messagesFile } from './messages.js';
import { operationsFile } from './operations.js';
import { specMapFile } from './spec-map.js';
import { statementFiles } from './statements.js';
import { stateFiles } from './states.js';
import { valuesSchema } from './values-schema.js';

/** Folders that hold nothing but generated files: what no generator makes there is stale. */
export const GENERATED_FOLDERS = ['docs/reference/states', 'docs/reference/statements'];

/** Services declare their keys in `*.config.ts`; loading those files fills the registry without starting a service. */
async function loadConfigurations(): Promise<void> {
  const declared = [...filesIn('libs'), ...filesIn('apps')].filter((path) => /\/src\/.*\.config\.ts$/.test(path));
  for (const path of declared) {
    const compiled = join(root, path.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
    if (!existsSync(compiled)) throw new Error(`${path} is not compiled: run npm run compile`);
    await import(pathToFileURL(compiled).href);
  }
}

export async function generatedFiles(): Promise<GeneratedFile[]> {
  await loadConfigurations();
  const files = all();
  const leaking = files.filter(({ text }) => text.includes(root));
  if (leaking.length > 0) throw new Error(`the path of this checkout stands in ${leaking.map(({ path }) => path).join(', ')}`);
  return files;
}

function all(): GeneratedFile[] {
  return [
    configurationFile(),
    envExample(),
    { path: 'helm/panda/values.schema.json', text: valuesSchema() },
    messagesFile(),
    ...stateFiles(),
    brokerageFile(),
    errorsFile(),
    operationsFile(),
    specMapFile(),
    ...statementFiles(),
    featuresFile(),
  ];
}
