/**
 * How often each count occurs: all that entropies and their corrections need to know of a table of counts. A corpus of n
 * tokens has at most sqrt(2 n) different counts, so a spectrum stays small where the counts themselves do not.
 */

/** Sorted by count, ascending; every multiplicity is positive. */
export interface Spectrum {
  /** The different counts, each at least 1. */
  readonly counts: Float64Array;
  /** How many symbols (tokens, or pairs of tokens) have that count. */
  readonly multiplicities: Float64Array;
}

/** n: the sum of all counts. */
export function sampleSize({ counts, multiplicities }: Spectrum): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i] * multiplicities[i];
  return sum;
}

/** K: how many different symbols were seen. */
export function symbolsSeen({ multiplicities }: Spectrum): number {
  let sum = 0;
  for (let i = 0; i < multiplicities.length; i++) sum += multiplicities[i];
  return sum;
}
