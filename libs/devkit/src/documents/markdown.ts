/** What the pages promise: links, code blocks, paths and commands, read out of Markdown. */

export interface Block {
  /** First word after the fence. */
  language: string;
  /** Further words, e.g. `run`. */
  marks: string[];
  text: string;
  /** Line of the opening fence, from 1. */
  line: number;
}

const FENCE = /^(\s*)```(.*)$/;

/** Fenced code blocks in order. */
export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;
  markdown.split('\n').forEach((line, index) => {
    const fence = FENCE.exec(line);
    if (!fence && open) open.text += `${line}\n`;
    if (!fence) return;
    if (open) {
      found.push(open);
      open = undefined;
    } else {
      const [language = '', ...marks] = (fence[2] ?? '').trim().split(/\s+/);
      open = { language, marks, text: '', line: index + 1 };
    }
  });
  if (open) throw new Error(`the code block of line ${open.line} is not closed`);
  return found;
}

/** The page without its code blocks. */
export function prose(markdown: string): string {
  let isCode = false;
  return markdown
    .split('\n')
    .filter((line) => {
      const isFence = FENCE.test(line);
      if (isFence) isCode = !isCode;
      return !isFence && !isCode;
    })
    .join('\n');
}

/** Targets of links to other pages of the repository, without the parts after `#`. */
export function links(markdown: string): string[] {
  return [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target as string).replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Paths of the repository that the text names in backquotes; those with placeholders are examples. */
export function paths(markdown: string): string[] {
  return [...prose(markdown).matchAll(/`((?:apps|libs|docs|helm|deploy|test-e2e|\.ci)\/[^`\s]*)`/g)]
    .map(([, path]) => (path as string).replace(/\/$/, ''))
    .filter((path) => !/[<>*…{]/.test(path));
}

/** Names of npm scripts that the page tells to run. */
export function scripts(markdown: string): string[] {
  return [...markdown.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name]) => name as string);
}
