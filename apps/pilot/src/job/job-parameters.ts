import { JobFailure } from '../errors/job-failure.js';

/** Job parameters as the payload gets them, and what was meant for the pilot. */
export interface JobParameters {
  readonly argv: readonly string[];
  readonly queueOverrides: Readonly<Record<string, unknown>>;
  readonly storageOverrides: Readonly<Record<string, unknown>>;
  readonly containerImage: string | undefined;
}

const OVERRIDES = { '--overwriteQueueData': 'queueOverrides', '--overwriteStorageData': 'storageOverrides' } as const;

/**
 * Splits the parameters as a shell would split words, without running one: operators, variables and wild cards stay plain text, as in
 * pilot3, which quotes every word again (pilot3:pilot/info/jobdata.py clean__jobparams@a090538). Throws {@link JobFailure}.
 */
export function readParameters(text: string): JobParameters {
  const words = splitWords(text.replace(/<ZIP_MAP>.*?<\/ZIP_MAP>/gs, ' '));
  const found = { queueOverrides: {}, storageOverrides: {}, containerImage: undefined as string | undefined };
  const argv: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const option = Object.keys(OVERRIDES).find((name) => word === name || word.startsWith(`${name}=`)) as
      | keyof typeof OVERRIDES
      | undefined;
    if (option !== undefined) {
      const value = word === option ? (words[++i] ?? '') : word.slice(option.length + 1);
      found[OVERRIDES[option]] = readOverride(option, value);
    } else if (word === '--containerImage') {
      found.containerImage = words[++i];
    } else if (word.startsWith('--containerImage=')) {
      found.containerImage = word.slice('--containerImage='.length);
    } else {
      argv.push(word);
    }
  }
  return { argv, ...found };
}

/** Python or JSON object text: single quotes and the words None, True, False are understood where JSON has others. */
function readOverride(option: string, text: string): Record<string, unknown> {
  for (const candidate of [text, pythonToJson(text)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch {
      // The next spelling may be it; after the last one the failure below says so.
    }
  }
  throw new JobFailure('CONVERSIONFAILURE', `${option} is no object: ${text}`);
}

function pythonToJson(text: string): string {
  return text
    .replaceAll("'", '"')
    .replace(/\bTrue\b/g, 'true')
    .replace(/\bFalse\b/g, 'false')
    .replace(/\bNone\b/g, 'null');
}

/** Words of a command line by the quoting rules of POSIX sh. Throws {@link JobFailure} when a quote stays open. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string;
    if (quote === "'") {
      if (sign === "'") quote = '';
      else word += sign;
    } else if (quote === '"') {
      if (sign === '"') quote = '';
      else if (sign === '\\' && '"\\$`\n'.includes(text[i + 1] ?? ' ')) word += text[++i] ?? '';
      else word += sign;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= '';
    } else if (sign === '\\' && i + 1 < text.length) {
      word = (word ?? '') + text[++i];
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + sign;
    }
  }
  if (quote !== '') throw new JobFailure('CONVERSIONFAILURE', 'a quote in the job parameters stays open');
  if (word !== undefined) words.push(word);
  return words;
}
