/** From residuals to the scatter of runs: of a run as a whole, of a checkpoint within it, and of runs of one mixture. */

import type { RunScatter } from '../laws/index.ts';

export interface RunResiduals {
  /** n: log losses less those predicted. */
  readonly residuals: Float64Array;
  /** n: what each residual counts; Huber's weights where outliers are weighed down. */
  readonly weights: Float64Array;
  /** n: run of each row, 0 to R - 1, ascending. */
  readonly rowRun: Int32Array;
  /** R: mixture of each run. */
  readonly runMixture: ArrayLike<number>;
  /** Degrees of freedom the fit takes from the runs; 0 for residuals of runs held out. */
  readonly runParameters: number;
}

/** The fewest degrees of freedom that intervals count with: Student's t of fewer is wider than any interval is of use. */
const MIN_DEGREES = 3;
/** Losses are not reproducible to less than 0.1 %: as in noise.ts. */
const MIN_SD = 1e-3;

/**
 * With k_r the rows of run r, k their mean, m_r the run's mean weighted residual, m_g that of mixture g, G mixtures, p
 * runParameters:
 *
 *   between = sum_g k_g m_g^2 / k / max(G - p, 0.1 G)           within mixture: s^2 = sum_r k_r (m_r - m_g)^2 / k / (R - G)
 *   runSd^2 = (between - s^2) / (R / G) + s^2 - withinSd^2 / k
 *
 * which without replicates is between - withinSd^2 / k. withinSd^2 is the unweighted variance of rows about their run's mean.
 */
export function runScatter({ residuals, weights, rowRun, runMixture, runParameters }: RunResiduals): RunScatter {
  const runs = rowRun.length === 0 ? 0 : rowRun[rowRun.length - 1] + 1;
  const rows = new Float64Array(runs);
  const means = new Float64Array(runs);
  const plainMeans = new Float64Array(runs);
  rowRun.forEach((run, n) => {
    rows[run]++;
    means[run] += weights[n] * residuals[n];
    plainMeans[run] += residuals[n];
  });
  for (let run = 0; run < runs; run++) {
    means[run] /= rows[run];
    plainMeans[run] /= rows[run];
  }
  let squares = 0;
  rowRun.forEach((run, n) => {
    squares += (residuals[n] - plainMeans[run]) ** 2;
  });
  const within = rowRun.length > runs ? squares / (rowRun.length - runs) : 0;
  const k = rowRun.length / runs;

  const mixtures = new Map<number, { rows: number; sum: number }>();
  means.forEach((mean, run) => {
    const entry = mixtures.get(runMixture[run]) ?? { rows: 0, sum: 0 };
    mixtures.set(runMixture[run], { rows: entry.rows + rows[run], sum: entry.sum + rows[run] * mean });
  });
  const G = mixtures.size;
  let betweenSquares = 0;
  for (const { rows: count, sum } of mixtures.values()) betweenSquares += (sum * sum) / count / k;
  const between = betweenSquares / Math.max(G - runParameters, 0.1 * G);
  let replicateSquares = 0;
  means.forEach((mean, run) => {
    const { rows: count, sum } = mixtures.get(runMixture[run]) as { rows: number; sum: number };
    replicateSquares += (rows[run] * (mean - sum / count) ** 2) / k;
  });
  const replicates = runs - G;
  const replicate = replicates > 0 ? replicateSquares / replicates : 0;
  const misfit = Math.max(0, between - replicate) / (runs / G);
  const run = Math.max(0, misfit + replicate - within / k, MIN_SD ** 2 - within);
  return {
    runSd: Math.sqrt(run),
    withinSd: Math.sqrt(within),
    degrees: Math.max(MIN_DEGREES, Math.floor(G - runParameters + 1e-9)),
    ...(replicates > 0 ? { seed: { sd: Math.sqrt(Math.max(0, replicate - within / k)), degrees: replicates } } : {}),
  };
}
