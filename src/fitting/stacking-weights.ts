/**
 * Weights of a stack's members from what each missed on held-out runs: w >= 0 summing to 1 that minimize the mean square of
 * sum_k w_k residual_k, stacked regression with non-negative weights (Breiman 1996, "Stacked regressions").
 */

/** Weights below this count as none. */
const MIN_WEIGHT = 0.01;

/** With so many runs a target's own residuals count as much as those of all. */
const TRUST_RUNS = 24;

/** Held-out log residuals of one target, by row of the table. */
export type HeldOutResiduals = ReadonlyMap<number, number>;

/**
 * By target, one weight a member. Few runs of one target do not decide alone: what is minimized is the target's own mean
 * square, by R / (R + 24) with R runs, and the mean over targets, by the rest, each in units of its best member's.
 *
 * @param runs R
 * @param residuals by member, then by target; a member that cannot predict a target has none and gets weight 0
 */
export function stackingWeights(
  residuals: readonly ReadonlyMap<number, HeldOutResiduals>[],
  targets: readonly number[],
  runs: number,
): Map<number, number[]> {
  const own = runs / (runs + TRUST_RUNS);
  const squares = targets.map(target => scaledSquares(residuals.map(member => member.get(target))));
  const mean = residuals.map((_, a) => residuals.map((__, b) => average(squares.map(matrix => matrix[a][b]))));
  return new Map(
    targets.map((target, i) => {
      const mixed = squares[i].map((row, a) =>
        row.map((value, b) => (Number.isNaN(value) ? mean[a][b] : own * value + (1 - own) * mean[a][b])),
      );
      const able = residuals.map(member => member.has(target));
      return [target, withoutSmall(leastSquare(mixed, able))];
    }),
  );
}

/** Mean products of the members' residuals over the rows that all have, over the least mean square; NaN without any. */
function scaledSquares(members: readonly (HeldOutResiduals | undefined)[]): number[][] {
  const able = members.filter(member => member !== undefined);
  const rows = able.length === 0 ? [] : [...able[0].keys()].filter(row => able.every(member => member.has(row)));
  const products = members.map(a =>
    members.map(b => average(rows.map(row => (a?.get(row) ?? Number.NaN) * (b?.get(row) ?? Number.NaN)))),
  );
  const least = Math.min(...products.map((row, k) => row[k]).filter(value => value > 0));
  return products.map(row => row.map(value => (Number.isFinite(least) ? value / least : value)));
}

/** Mean of what is a number; NaN when nothing is. */
function average(values: readonly number[]): number {
  const known = values.filter(value => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Minimizes w'Gw over the simplex of the members that are `able`, exactly, by trying every set of positive weights. */
function leastSquare(matrix: readonly (readonly number[])[], able: readonly boolean[]): number[] {
  const size = matrix.length;
  let best: number[] = able.map(is => (is ? 1 / able.filter(Boolean).length : 0));
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 1; mask < 1 << size; mask++) {
    const free = matrix.flatMap((_, k) => ((mask & (1 << k)) !== 0 ? [k] : []));
    if (free.some(k => !able[k])) continue;
    const weights = onSet(matrix, free);
    if (weights === undefined || weights.some(weight => !(weight >= 0))) continue;
    const full = new Array<number>(size).fill(0);
    free.forEach((k, i) => {
      full[k] = weights[i];
    });
    const value = free.reduce((sum, i) => sum + free.reduce((row, j) => row + full[i] * full[j] * matrix[i][j], 0), 0);
    if (value < least) {
      least = value;
      best = full;
    }
  }
  return best;
}

/** Stationary weights summing to 1: G w = constant. Members that err alike are separated by a small ridge. */
function onSet(matrix: readonly (readonly number[])[], free: readonly number[]): number[] | undefined {
  const rows = free.map(i => [...free.map(j => matrix[i][j] + (i === j ? 1e-6 * matrix[i][i] : 0)), 1]);
  const size = free.length;
  for (let column = 0; column < size; column++) {
    if (!(Math.abs(rows[column][column]) > 0)) return undefined;
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = rows[i][column] / rows[column][column];
      for (let j = column; j <= size; j++) rows[i][j] -= factor * rows[column][j];
    }
  }
  const solution = rows.map((row, i) => row[size] / row[i]);
  const sum = solution.reduce((a, b) => a + b, 0);
  return sum > 0 ? solution.map(value => value / sum) : undefined;
}

function withoutSmall(weights: readonly number[]): number[] {
  const kept = weights.map(weight => (weight < MIN_WEIGHT ? 0 : weight));
  const sum = kept.reduce((a, b) => a + b, 0);
  return kept.map(weight => weight / sum);
}
