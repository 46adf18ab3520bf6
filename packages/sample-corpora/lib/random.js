/**
 * A stream of whole numbers from a seed, the same on every machine: xorshift32 (Marsaglia, Xorshift RNGs, 2003).
 *
 * @param {number} seed not 0
 * @returns {(low: number, high: number) => number} draws from low to high, both included
 */
export function wholeNumbers(seed) {
  let state = seed | 0;
  return (low, high) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return low + Math.floor(((state >>> 0) / 2 ** 32) * (high - low + 1));
  };
}
