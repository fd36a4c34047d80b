/** Source of randomness, seeded in tests and simulations. */
export abstract class Random {
  /** Uniform in [0, 1). */
  abstract next(): number;
}

/** Uniform integer in [0, below). */
export function randomInt(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}

/** `value` spread evenly over ±`part` of itself: keeps equal services from acting in step. */
export function jittered(random: Random, value: number, part = 0.2): number {
  return value * (1 - part + 2 * part * random.next());
}
