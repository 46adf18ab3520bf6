/** What a run not yet made would teach: a Gaussian belief conditioned on an observation whose outcome is not known. */

/** Inner product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * A belief about quantities y_n = mean_n + rows_n' z with z standard normal (q), after observing y = mean + row' z + e with e
 * of variance `noise`. The covariance of z becomes S = I - row row' / (|row|^2 + noise), which does not depend on what is
 * observed, and S = T T with T = I - c row row', so the new rows are T rows_n: again of a standard normal z.
 *
 * @param rows each of q numbers; not changed
 */
export function afterObservation(rows: readonly Float64Array[], row: Float64Array, noise: number): Float64Array[] {
  const square = dot(row, row);
  if (square === 0) return [...rows];
  const c = (1 - Math.sqrt(noise / (square + noise))) / square;
  return rows.map(other => {
    const scale = c * dot(other, row);
    return other.map((value, i) => value - scale * row[i]);
  });
}
