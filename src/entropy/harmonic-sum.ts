/** Stretches of the harmonic series, which entropies corrected for finite samples are made of. */

/** From here on eight terms of the asymptotic series are exact to rounding. */
const ASYMPTOTIC = 10;

/**
 * 1/from + 1/(from + 1) + ... + 1/(to - 1), the difference of two digammas, to full relative precision for any whole
 * numbers 1 <= from <= to in constant time: Abramowitz & Stegun 6.3.18, with the two logarithms taken as one.
 */
export function harmonicSum(from: number, to: number): number {
  let sum = 0;
  let start = from;
  for (; start < to && start < ASYMPTOTIC; start++) sum += 1 / start;
  if (start === to) return sum;
  return sum + Math.log1p((to - start) / start) + (belowLog(start) - belowLog(to));
}

/** ln x - digamma(x). */
function belowLog(x: number): number {
  const y = 1 / (x * x);
  const series =
    y / 12 - y ** 2 / 120 + y ** 3 / 252 - y ** 4 / 240 + y ** 5 / 132 - (691 * y ** 6) / 32760 + y ** 7 / 12;
  return 1 / (2 * x) + series;
}
