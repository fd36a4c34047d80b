import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { filesIn, read } from '../repository/files.js';
import { root } from '../repository/root.js';
import { blocks, links, paths, scripts } from './markdown.js';

/** Pages people wrote; generated ones are as good as their source. */
const pages = filesIn()
  .filter((path) => path.endsWith('.md') && !path.startsWith('docs/reference/'))
  .concat('docs/reference/README.md');
const exists = (path: string) => existsSync(join(root, path));
const where = (page: string, promise: string) => `${page}: ${promise}`;

describe('the pages', () => {
  it('link to pages that exist', () => {
    const broken = pages.flatMap((page) =>
      links(read(page))
        .filter((target) => !exists(posix.join(posix.dirname(page), target)))
        .map((target) => where(page, target)),
    );
    expect(broken).toEqual([]);
  });

  it('name files and folders that exist', () => {
    const gone = pages.flatMap((page) =>
      paths(read(page))
        .filter((path) => !exists(path))
        .map((path) => where(page, path)),
    );
    expect(gone).toEqual([]);
  });

  it('name commands that exist', () => {
    const known = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
    const unknown = pages.flatMap((page) =>
      scripts(read(page))
        .filter((name) => !(name in known))
        .map((name) => where(page, name)),
    );
    expect(unknown).toEqual([]);
  });

  it('show JSON and YAML that parse', () => {
    const broken = pages.flatMap((page) =>
      blocks(read(page))
        .filter(({ language }) => ['json', 'yaml'].includes(language))
        .filter(
          ({ language, text }) =>
            parseDocument(text, { strict: true }).errors.length > 0 || (language === 'json' && !isJson(text)),
        )
        .map(({ line }) => where(page, `line ${line}`)),
    );
    expect(broken).toEqual([]);
  });

  it('have no unfinished words', () => {
    const unfinished = pages.flatMap((page) => (/\b(TODO|FIXME|TBD|coming soon)\b/.test(read(page)) ? [page] : []));
    expect(unfinished).toEqual([]);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // the caller reports the page and line
  }
}

describe('the first page', () => {
  const readme = read('README.md');

  it('shows what it is and how to try it before the first scroll', () => {
    const head = readme.split('\n');
    expect(head.findIndex((line) => line.startsWith('```mermaid'))).toBeLessThan(10);
    expect(head.indexOf('npm ci && npm start')).toBeLessThan(45);
  });

  it('puts nothing after a command that stays up: what is pasted with it would never be reached', () => {
    const shell = [...pages].flatMap((page) => blocks(read(page)).map((block) => ({ page, ...block })));
    const hidden = shell
      .filter(({ language, text }) => language === 'sh' && /npm (start|run fleet)\b(?!.*--help).*\n+[^#\s]/.test(text))
      .map(({ page, line }) => where(page, `line ${line}`));
    expect(hidden).toEqual([]);
  });

  it('names the test command that CI runs', () => {
    expect(blocks(readme).some(({ text }) => /^npm test$/m.test(text))).toBe(true);
    expect(read('.ci/run')).toMatch(/^npm ci\nnpm test$/m);
  });
});
