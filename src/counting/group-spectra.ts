/** Spectra of one kind of symbol: of all groups together, of all but one, and of growing sets of groups, in one pass. */

import type { Spectrum } from '../entropy/index.ts';
import { SpectrumTally } from './spectrum-tally.ts';

export class GroupSpectra {
  readonly #all = new SpectrumTally();
  /** By group: what leaving it out changes in `#all`. */
  readonly #changes: readonly SpectrumTally[];
  /** By growing set. */
  readonly #growing: readonly SpectrumTally[];
  /** How many groups each growing set has: the first ones of `order`. */
  readonly #sizes: readonly number[];
  /** By group: its place in the order in which sets grow. */
  readonly #places: Int32Array;
  /** By group: symbols seen once, in that group. Most symbols are such. */
  readonly #once: Float64Array;

  /**
   * @param groups how many there are
   * @param order groups in the order in which sets grow, ascending
   * @param sizes of the growing sets, ascending
   */
  constructor(groups: number, order: readonly number[], sizes: readonly number[]) {
    this.#changes = Array.from({ length: groups }, () => new SpectrumTally());
    this.#growing = sizes.map(() => new SpectrumTally());
    this.#sizes = sizes;
    this.#places = new Int32Array(groups);
    for (const [place, group] of order.entries()) this.#places[group] = place;
    this.#once = new Float64Array(groups);
  }

  /** Adds one symbol: its count, and that in each of `entries` groups, ascending. */
  add(count: number, entries: number, groups: Uint8Array, counts: Float64Array): void {
    if (count === 1) this.#once[groups[0]]++;
    else this.#addFrequent(count, entries, groups, counts);
  }

  #addFrequent(count: number, entries: number, groups: Uint8Array, counts: Float64Array): void {
    const sizes = this.#sizes;
    let sum = 0;
    let set = 0;
    this.#all.add(count, 1);
    for (let i = 0; i < entries; i++) {
      const group = groups[i];
      for (; set < sizes.length && sizes[set] <= this.#places[group]; set++) this.#growing[set].add(sum, 1);
      sum += counts[i];
      const change = this.#changes[group];
      change.add(count, -1);
      change.add(count - counts[i], 1);
    }
    for (; set < sizes.length; set++) this.#growing[set].add(sum, 1);
  }

  /** To be called once, after the last symbol. */
  finish(): { all: Spectrum; without: Spectrum[]; growing: Spectrum[] } {
    for (const [group, once] of this.#once.entries()) {
      this.#all.add(1, once);
      this.#changes[group].add(1, -once);
      for (const [set, size] of this.#sizes.entries()) if (this.#places[group] < size) this.#growing[set].add(1, once);
    }
    return {
      all: this.#all.spectrum(),
      without: this.#changes.map(change => this.#all.spectrumWith(change)),
      growing: this.#growing.map(tally => tally.spectrum()),
    };
  }
}
