/** A command line as one text that a shell would take again, the way the real tools record it. panda-client:pandaclient/PsubUtils.py@749e856 */
export function commandLineText(tool: string, argv: readonly string[]): string {
  return [tool, ...argv.map(wordText)].join(' ');
}

function wordText(word: string): string {
  const [, option = '', value = word] = /^(-[^=]+=)(.+)/.exec(word) ?? [];
  return option + (/[* ']/.test(value) ? `"${value}"` : value);
}

/** What a `--loadJson` file adds to the recorded command line. */
export function jsonText(file: Readonly<Record<string, unknown>>): string {
  return Object.entries(file)
    .map(([name, value]) => {
      if (value === true) return ` --${name}`;
      return typeof value === 'string' && !/^[+-]?\d+$/.test(value) ? ` --${name}='${value}'` : ` --${name}=${value}`;
    })
    .join('');
}
