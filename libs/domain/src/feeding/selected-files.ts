import { parseDatasetAttributes } from '../dataset/dataset-attributes.js';
import { isSequence } from '../dataset/dataset-spec.js';
import type { Random } from '../ports/random.js';
import type { FedDataset } from './feed-rules.js';
import type { ItemFilter } from './item-filter.js';
import type { ListedFile } from './listed-file.js';

export interface Selection {
  readonly filter: ItemFilter;
  /** Names the parent has finished, for datasets whose consistency is checked; undefined = take all. */
  readonly producedByParent?: ReadonlySet<string>;
  readonly random: Random;
}

/**
 * The files of a listing that the task wants, in the order they are used: produced by the parent, included, not excluded, named; by name;
 * an offset left out; shuffled when the dataset is to be used at random. A name counts once.
 */
export function selectedFiles(listing: readonly ListedFile[], dataset: FedDataset, selection: Selection): ListedFile[] {
  const { filter, producedByParent, random } = selection;
  const attributes = parseDatasetAttributes(dataset.attributes);
  const named = filter.files.length > 0 ? new Set(filter.files) : undefined;
  const wanted = listing.filter(
    ({ lfn }) =>
      (!attributes.consistencyCheck || producedByParent === undefined || producedByParent.has(lfn)) &&
      (filter.include.length === 0 || filter.include.some((pattern) => pattern.matches(lfn))) &&
      !filter.exclude.some((pattern) => pattern.matches(lfn)) &&
      (named === undefined || named.has(lfn)),
  );
  const unique = [...new Map(wanted.map((file) => [file.lfn, file])).values()];
  // Numbers are listed in their order already; as names `10` would come before `9`.
  if (isSequence(dataset)) return unique;
  unique.sort((a, b) => (a.lfn < b.lfn ? -1 : Number(a.lfn > b.lfn)));
  const rest = unique.slice(attributes.offset);
  return attributes.random ? shuffled(rest, random) : rest;
}

function shuffled(files: ListedFile[], random: Random): ListedFile[] {
  for (let i = files.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [files[i], files[j]] = [files[j] as ListedFile, files[i] as ListedFile];
  }
  return files;
}
