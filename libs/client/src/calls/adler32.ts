/** Largest prime below 2^16. */
const BASE = 65_521;
/** So many bytes can be summed before the 32-bit sums could overflow. */
const RUN = 3_800;

/** Adler-32 of a stream, the checksum of the grid's files (RFC 1950 §8.2). */
export class Adler32 {
  private low = 1;
  private high = 0;

  update(bytes: Uint8Array): this {
    let { low, high } = this;
    for (let start = 0; start < bytes.length; start += RUN) {
      const end = Math.min(start + RUN, bytes.length);
      for (let i = start; i < end; i++) {
        low += bytes[i] as number;
        high += low;
      }
      low %= BASE;
      high %= BASE;
    }
    this.low = low;
    this.high = high;
    return this;
  }

  /** Eight lower-case hexadecimal digits. */
  digest(): string {
    return ((this.high * 0x1_0000 + this.low) >>> 0).toString(16).padStart(8, '0');
  }
}
