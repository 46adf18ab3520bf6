/** The most frequent pairs of all that pass by. */

export interface PairCount {
  readonly first: number;
  readonly second: number;
  readonly count: number;
}

export class TopPairs {
  readonly #most: number;
  readonly #pairs: PairCount[] = [];
  #least = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Of pairs with one count, those that come first stay. */
  add(first: number, second: number, count: number): void {
    if (count > this.#least) this.#insert({ first, second, count });
  }

  #insert(pair: PairCount): void {
    const pairs = this.#pairs;
    const place = pairs.findIndex(({ count }) => count < pair.count);
    pairs.splice(place < 0 ? pairs.length : place, 0, pair);
    if (pairs.length > this.#most) pairs.pop();
    if (pairs.length === this.#most) this.#least = pairs[pairs.length - 1].count;
  }

  /** Most frequent first. */
  get pairs(): readonly PairCount[] {
    return this.#pairs;
  }
}
