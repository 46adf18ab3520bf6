/** Sums that do not lose digits to their length. */

/**
 * Sum of `length` terms with Neumaier's correction (1974, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
 * Summen"): as exact as if summed in twice the precision and rounded once, unless the terms cancel.
 */
export function compensatedSum(length: number, term: (index: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < length; i++) {
    const value = term(i);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
