import type { InputLocality } from '../request.js';

/** (available + total) / total / (missing / 100 + 1): between nearly 0 and 2. Spec: Brokerage › step 3 (data availability). */
export function localityFactor(locality: InputLocality | undefined): number {
  if (locality === undefined || locality.totalBytes === 0) return 1;
  const missing = locality.totalFiles - locality.diskFiles;
  return (locality.diskBytes + locality.totalBytes) / locality.totalBytes / (missing / 100 + 1);
}

export function isAllLocal(locality: InputLocality | undefined): boolean {
  return locality === undefined || locality.diskFiles >= locality.totalFiles;
}
