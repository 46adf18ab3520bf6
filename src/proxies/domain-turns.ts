/**
 * Whose turn it is: a domain for each next sequence, so that at every moment every domain's count of sequences is within one of
 * its share. Tijdeman 1980, "The chairman assignment problem", Discrete Mathematics 32, pp. 323-330: among the domains that are
 * owed at least 1 / (2k - 2) of a sequence, the one that would first be owed too much; no count is then ever further than
 * 1 - 1 / (2k - 2) from its share, and no rule does better for all shares.
 */

export class DomainTurns {
  readonly #proportions: ArrayLike<number>;
  /** Domains with a share. */
  readonly #drawn: readonly number[];
  readonly #counts: number[];
  #turns = 0;

  /** @param proportions shares of tokens, sum 1 */
  constructor(proportions: ArrayLike<number>) {
    this.#proportions = proportions;
    this.#drawn = Array.from(proportions, (_, domain) => domain).filter(domain => proportions[domain] > 0);
    this.#counts = Array.from(proportions, () => 0);
  }

  /** Sequences of each domain so far. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  /** The domain of the next sequence. */
  next(): number {
    this.#turns++;
    const domain = this.#mostUrgent();
    this.#counts[domain]++;
    return domain;
  }

  #mostUrgent(): number {
    const slack = 1 / (2 * this.#drawn.length - 2);
    let urgent = this.#drawn[0];
    let earliest = Number.POSITIVE_INFINITY;
    for (const domain of this.#drawn) {
      const owed = this.#proportions[domain] * this.#turns - this.#counts[domain];
      if (owed < slack) continue;
      const deadline = (1 - slack - owed) / this.#proportions[domain];
      if (deadline >= earliest) continue;
      earliest = deadline;
      urgent = domain;
    }
    return urgent;
  }
}
