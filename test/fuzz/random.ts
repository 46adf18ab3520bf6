/** Seeded random numbers of the fuzzer (mulberry32, public domain). */

export type Random = () => number;

/** Uniform numbers in [0, 1). */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function below(random: Random, n: number): number {
  return Math.floor(random() * n);
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)];
}
