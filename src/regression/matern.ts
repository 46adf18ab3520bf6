/**
 * The Matern 5/2 kernel between rows of features, one length scale for each feature or one for all:
 *
 *   k(a, b) = (1 + s + s^2 / 3) e^-s,   s^2 = 5 sum_f ((a_f - b_f) / l_f)^2          Rasmussen & Williams 2006, Eq. 4.17
 */

/** The kernel as a function of s^2. */
export function matern(squared: number): number {
  const s = Math.sqrt(squared);
  return (1 + s + squared / 3) * Math.exp(-s);
}

/** -2 dk / d(s^2): what a change of s^2 takes off the kernel. */
export function maternSlope(squared: number): number {
  const s = Math.sqrt(squared);
  return ((1 + s) / 3) * Math.exp(-s);
}

/**
 * Features divided by their length scales and multiplied by sqrt 5, so that s^2 is a plain squared distance.
 *
 * @param features rows x d, row-major
 * @param lengthScales d, or 1 for all
 */
export function scaledFeatures(
  features: ArrayLike<number>,
  columns: number,
  lengthScales: ArrayLike<number>,
): Float64Array {
  const factors = Float64Array.from(
    { length: columns },
    (_, f) => Math.sqrt(5) / lengthScales[lengthScales.length === 1 ? 0 : f],
  );
  return Float64Array.from(features, (value, index) => value * factors[index % columns]);
}

/** Squared distance of row `a` of `left` to row `b` of `right`. */
export function squaredDistance(
  left: Float64Array,
  a: number,
  right: Float64Array,
  b: number,
  columns: number,
): number {
  let sum = 0;
  const [first, second] = [a * columns, b * columns];
  for (let f = 0; f < columns; f++) {
    const difference = left[first + f] - right[second + f];
    sum += difference * difference;
  }
  return sum;
}
