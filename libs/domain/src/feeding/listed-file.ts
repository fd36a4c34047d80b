import type { DdmFile } from '../ports/ddm.js';

/** A file as the data management lists it, or a pseudo file; size in bytes. */
export interface ListedFile {
  readonly lfn: string;
  readonly scope: string | null;
  readonly guid: string | null;
  readonly fsize: number;
  readonly checksum: string | null;
  readonly events: number | null;
  readonly lumiBlockNr: number | null;
}

/** A file that is only a name. */
export const pseudoFile = (lfn: string): ListedFile => ({
  lfn,
  scope: null,
  guid: null,
  fsize: 0,
  checksum: null,
  events: null,
  lumiBlockNr: null,
});

/** A file of data management; checksums carry their kind, as everything that reads contents expects. */
export function listedFileOf(file: DdmFile): ListedFile {
  const { lfn, scope, guid, size, adler32, md5, events, lumiBlock } = file;
  const checksum = adler32 !== undefined ? `ad:${adler32}` : md5 !== undefined ? `md5:${md5}` : null;
  return { lfn, scope, guid: guid ?? null, fsize: size, checksum, events: events ?? null, lumiBlockNr: lumiBlock ?? null };
}
