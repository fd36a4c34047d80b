import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { accepted, type Outcome, refused } from '../outcome.js';

export interface SelectionRules {
  readonly followLinks: boolean;
  /** Objects and libraries are left to the build job, unless it does not compile. */
  readonly noCompile: boolean;
  readonly maxFileSize: number;
  /** Regular expressions; what matches at the end of a path is sent in any case. */
  readonly extFile: readonly string[];
  /** Wild cards, separated by commas. */
  readonly excludeFile: string;
  /** Paths below the top that are never sent: our own temporary files. */
  readonly own: ReadonlySet<string>;
}

export interface SelectedFile {
  /** Relative to the top, with slashes. */
  readonly path: string;
  readonly stats: Stats;
}

export interface Selection {
  readonly files: readonly SelectedFile[];
  /** What was left out, and why; for the user. */
  readonly skipped: readonly { path: string; why: string }[];
}

const ALWAYS_EXCLUDED = ['jobReport.json', 'jobReport.txt', 'jobReportExtract.pickle'];
const BUILT = ['.o', '.a', '.so'];

/**
 * The files below `top` a job gets. Spec: prun › How it works; rules of panda-client:pandaclient/PrunScript.py@749e856. Unlike there,
 * names with quotes and leading dashes are sent too: nothing passes through a shell. Sorted, so that equal trees make equal sandboxes.
 */
export async function selectFiles(top: string, rules: SelectionRules): Promise<Outcome<Selection>> {
  const matchers = matchersOf(rules);
  if (!matchers.ok) return matchers;
  const walk = new Walk(top, rules, matchers.value);
  await walk.directory('', new Set());
  return accepted({ files: walk.files, skipped: walk.skipped });
}

interface Matchers {
  readonly excluded: (path: string) => boolean;
  readonly wanted: (path: string) => boolean;
}

class Walk {
  readonly files: SelectedFile[] = [];
  readonly skipped: { path: string; why: string }[] = [];

  constructor(
    private readonly top: string,
    private readonly rules: SelectionRules,
    private readonly matchers: Matchers,
  ) {}

  /** `above` are the directories that lead here: a link back to one of them would never end. */
  async directory(path: string, above: ReadonlySet<string>): Promise<void> {
    const here = identityOf(await stat(join(this.top, path)));
    if (above.has(here)) return;
    const entries = (await readdir(join(this.top, path), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.length === 0 && path !== '') await this.emptyDirectory(path);
    const leading = new Set([...above, here]);
    for (const entry of entries) await this.entry(path === '' ? entry.name : `${path}/${entry.name}`, entry, leading);
  }

  private async entry(path: string, entry: Dirent, above: ReadonlySet<string>): Promise<void> {
    if (isHidden(entry.name) || this.rules.own.has(path)) return;
    if (entry.isDirectory()) return this.directory(path, above);
    // A dead link has nothing to send.
    const stats = await stat(join(this.top, path)).catch(() => undefined);
    if (stats === undefined) return;
    if (stats.isDirectory()) return this.rules.followLinks ? this.directory(path, above) : undefined;
    if (stats.isFile()) this.file(path, stats);
    else this.skipped.push({ path, why: 'is no regular file' });
  }

  private async emptyDirectory(path: string): Promise<void> {
    if (!this.matchers.excluded(path)) this.files.push({ path, stats: await lstat(join(this.top, path)) });
  }

  private file(path: string, stats: Stats): void {
    // Patterns are matched against ./path, as in the real tool.
    if (this.matchers.excluded(`./${path}`)) return;
    const why = this.matchers.wanted(`./${path}`) ? undefined : this.reasonToSkip(path, stats.size);
    if (why === undefined) this.files.push({ path, stats });
    else this.skipped.push({ path, why });
  }

  private reasonToSkip(path: string, size: number): string | undefined {
    const built = this.rules.noCompile ? undefined : BUILT.find((extension) => path.endsWith(extension));
    if (built !== undefined) return `is built from sources (${built})`;
    if (/\.root(\.\d+)*$/.test(path)) return 'is a root file';
    return size > this.rules.maxFileSize ? `has ${size} bytes, more than ${this.rules.maxFileSize}` : undefined;
  }
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

/** `.git`, `.ssh`, `.bashrc`, but not `.1`: the pattern the real tool gives to tar. */
function isHidden(name: string): boolean {
  return /^\.[a-zA-Z]/.test(name);
}

function matchersOf({ excludeFile, extFile }: SelectionRules): Outcome<Matchers> {
  const words = excludeFile.split(',').map((word) => word.trim());
  const excluded = [...words.filter((word) => word !== ''), ...ALWAYS_EXCLUDED].map(wildCard);
  const wanted: RegExp[] = [];
  for (const pattern of extFile) {
    const expression = regularExpression(`${pattern}$`) ?? regularExpression(`${escaped(pattern)}$`);
    if (expression === undefined) return refused(`--extFile: '${pattern}' is no pattern`);
    wanted.push(expression);
  }
  return accepted({
    excluded: (path) => excluded.some((pattern) => pattern.test(path)),
    wanted: (path) => wanted.some((pattern) => pattern.test(path)),
  });
}

function wildCard(word: string): RegExp {
  return new RegExp(word.split('*').map(escaped).join('.*'));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function regularExpression(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    // A file name such as a++b.dat: taken as it is written.
    return undefined;
  }
}
