import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CatalogEntry {
  readonly guid: string;
  readonly lfn: string;
  /** Where the payload opens it. */
  readonly pfn: string;
}

/** `PoolFileCatalog.xml` of a job directory: where each input can be opened. Spec: Pilot › PFC. */
export function writePoolFileCatalog(dir: string, entries: readonly CatalogEntry[]): void {
  const files = entries.map(({ guid, lfn, pfn }) =>
    [
      `  <File ID="${escaped(guid)}">`,
      '    <physical>',
      `      <pfn filetype="ROOT_All" name="${escaped(pfn)}"/>`,
      '    </physical>',
      '    <logical>',
      `      <lfn name="${escaped(lfn)}"/>`,
      '    </logical>',
      '  </File>',
    ].join('\n'),
  );
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<!DOCTYPE POOLFILECATALOG SYSTEM "InMemory">\n';
  writeFileSync(join(dir, 'PoolFileCatalog.xml'), `${head}<POOLFILECATALOG>\n${files.join('\n')}\n</POOLFILECATALOG>\n`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
