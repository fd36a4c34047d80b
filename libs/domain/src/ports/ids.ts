/** Source of unique ids: UUIDv7, so that they sort by the time they were made. */
export abstract class Ids {
  abstract next(): string;
}
