/**
 * The default embedding of documents, which needs no model and no download: character 3- to 5-grams hashed to 256 signed
 * buckets. It sees spelling, script and vocabulary, not meaning, and is **not** the FastText embedding of Ge et al. 2024:
 * von Neumann entropies from the two are not comparable.
 *
 *   v_b = sum over n-grams g in bucket b of sign(g) (1 + ln tf_g),  then scaled to length 1
 *
 * Signed feature hashing: Weinberger et al. 2009 (arXiv 0902.2206); sub-linear term frequencies: Manning, Raghavan & Schuetze
 * 2008, Section 6.4.1. N-grams are of UTF-16 code units, with runs of white space as one space and a space at either end. The
 * same text gives the same numbers everywhere.
 */

export const HASHED_NGRAM_DIMENSION = 256;

const SHORTEST = 3;
const LONGEST = 5;
/** Counters of n-grams: those that share one, of a document, count as one n-gram. */
const SLOT_BITS = 18;

/**
 * An embedding function with its counters, to be used again for each document.
 *
 * @returns a function that gives a text's 256 numbers, of length 1; all zeros for a text without a character to show, which
 *   has no direction and should be left out
 */
export function hashedNgramEmbedding(): (text: string) => Float64Array {
  const frequencies = new Uint32Array(1 << SLOT_BITS);
  const touched = new Int32Array(1 << SLOT_BITS);
  return text => {
    const vector = new Float64Array(HASHED_NGRAM_DIMENSION);
    const words = text.trim().replace(/\s+/gu, ' ');
    if (words === '') return vector;
    const filled = countNgrams(` ${words} `, frequencies, touched);
    // In order of slots, so that rounding does not depend on the order of n-grams either.
    touched.subarray(0, filled).sort();
    for (let i = 0; i < filled; i++) {
      const slot = touched[i];
      const sign = slot >> (SLOT_BITS - 1) === 0 ? 1 : -1;
      vector[slot % HASHED_NGRAM_DIMENSION] += sign * (1 + Math.log(frequencies[slot]));
      frequencies[slot] = 0;
    }
    const length = Math.hypot(...vector);
    return length > 0 ? vector.map(value => value / length) : vector;
  };
}

/** Counts n-grams by slot and lists the slots in `touched`; returns how many. */
function countNgrams(text: string, frequencies: Uint32Array, touched: Int32Array): number {
  let filled = 0;
  for (let start = 0; start + SHORTEST <= text.length; start++) {
    let hash = 0x811c9dc5;
    const end = Math.min(text.length, start + LONGEST);
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
      if (at - start + 1 < SHORTEST) continue;
      const slot = mixed(hash) >>> (32 - SLOT_BITS);
      if (frequencies[slot] === 0) touched[filled++] = slot;
      frequencies[slot]++;
    }
  }
  return filled;
}

/** MurmurHash3's finalizer: FNV alone leaves neighbouring texts in neighbouring slots. */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
