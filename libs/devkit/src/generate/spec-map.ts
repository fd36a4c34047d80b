import { filesIn, read } from '../repository/files.js';
import { code, type GeneratedFile, page, table } from './document.js';

/** `Spec: Brokerage › step 2` in a comment, up to where the clause's name ends. */
const CITATION = /(?<!\w)Spec: (?=[A-Za-z-])((?:[^.;,(*\n]|\.(?=\w))+)/g;

/** A clause's name without what follows it in the sentence: an upstream source, or the word after "and". */
function clauseOf(cited: string): string {
  return cited.replace(/\s+(?:and |panda-|pilot[23]?:|Client API).*$/, '').trim();
}

/** Clauses of the specification that a text cites. */
export function citations(text: string): string[] {
  return [...text.matchAll(CITATION)].map(([, cited]) => clauseOf(cited as string)).filter((clause) => clause !== '');
}

/** docs/reference/spec-map.md: where each cited clause of the specification lives in the code. */
export function specMapFile(): GeneratedFile {
  const places = new Map<string, Set<string>>();
  const cited = [...filesIn('libs'), ...filesIn('apps')].filter(
    (path) => /(?<!spec)\.(ts|sql)$/.test(path) && !path.startsWith('libs/devkit/'),
  );
  for (const path of cited) {
    for (const clause of citations(read(path))) places.set(clause, (places.get(clause) ?? new Set()).add(path));
  }
  const rows = [...places]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([clause, paths]) => [clause, [...paths].sort().map(code).join(' ')]);
  const body = `Code that follows a clause of the PanDA documentation of 22 November 2021 says so in a comment, \`Spec: <chapter> › <section>\`.
This is the list of those comments.

${table(['clause', 'code'], rows)}`;
  return page('docs/reference/spec-map.md', 'From the specification to the code', body);
}
