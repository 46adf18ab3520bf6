/** A spectrum while it is counted. */

import type { Spectrum } from '../entropy/index.ts';

/** Counts below it are tallied in an array, those above in a map: there are many of the former and few of the latter. */
const DENSE = 4096;

export class SpectrumTally {
  readonly #dense = new Float64Array(DENSE);
  readonly #sparse = new Map<number, number>();

  /** @param times how many symbols more have that count; may be negative */
  add(count: number, times: number): void {
    if (count < DENSE) this.#dense[count] += times;
    else this.#sparse.set(count, (this.#sparse.get(count) ?? 0) + times);
  }

  spectrum(): Spectrum {
    return this.spectrumWith(new SpectrumTally());
  }

  /** Of this tally and another together. Counts of 0 are symbols that were not seen. */
  spectrumWith(other: SpectrumTally): Spectrum {
    const counts: number[] = [];
    const multiplicities: number[] = [];
    const push = (count: number, times: number) => {
      if (times === 0) return;
      counts.push(count);
      multiplicities.push(times);
    };
    for (let count = 1; count < DENSE; count++) push(count, this.#dense[count] + other.#dense[count]);
    const large = new Set([...this.#sparse.keys(), ...other.#sparse.keys()]);
    for (const count of [...large].sort((a, b) => a - b)) {
      push(count, (this.#sparse.get(count) ?? 0) + (other.#sparse.get(count) ?? 0));
    }
    return { counts: Float64Array.from(counts), multiplicities: Float64Array.from(multiplicities) };
  }
}
