/** Scores of predictions against observations. */

/** Mean of |predicted - observed| / observed, a fraction. */
export function meanRelativeError(observed: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return mean(observed, (value, n) => Math.abs(predicted[n] - value) / value);
}

/** Mean of |predicted - observed|. */
export function meanAbsoluteError(observed: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return mean(observed, (value, n) => Math.abs(predicted[n] - value));
}

/** 1 - SSE/SST about the mean of the observed values; as sklearn.metrics.r2_score. Null when they are all equal. */
export function rSquared(observed: ArrayLike<number>, predicted: ArrayLike<number>): number | null {
  const centre = mean(observed, value => value);
  const total = mean(observed, value => (value - centre) ** 2);
  return total > 0 ? 1 - mean(observed, (value, n) => (predicted[n] - value) ** 2) / total : null;
}

/**
 * Spearman's rank correlation, ties sharing their mean rank; as scipy.stats.spearmanr.
 * Null with fewer than 3 pairs or when one side is constant.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  if (a.length < 3) return null;
  const x = ranks(a);
  const y = ranks(b);
  const centre = (a.length + 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let n = 0; n < a.length; n++) {
    xy += (x[n] - centre) * (y[n] - centre);
    xx += (x[n] - centre) ** 2;
    yy += (y[n] - centre) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, n) => n).sort((i, j) => values[i] - values[j]);
  const result = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let next = first;
    while (next < order.length && values[order[next]] === values[order[first]]) next++;
    for (let place = first; place < next; place++) result[order[place]] = (first + next + 1) / 2;
    first = next;
  }
  return result;
}

function mean(values: ArrayLike<number>, of: (value: number, n: number) => number): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += of(values[n], n);
  return sum / values.length;
}
