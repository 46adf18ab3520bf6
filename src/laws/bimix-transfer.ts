/**
 * BiMix with transfer: domains help each other through a concave *effective share*.
 *
 *   L(r, x) = E + e(r)^-alpha (C + B x^-beta)
 *   e(r)    = r_own^rho + sum over other domains j of t_j r_j^sigma        0 < rho, sigma <= 1, t_j >= 0
 *
 * Generalizes Ge et al. 2024 (arXiv 2405.14908), Eq. 3, which it becomes at t = 0, rho = 1, E = 0. x = s / s_max; L in
 * nats per token. A target without a training domain of its own has e = sum over all j of t_j r_j^sigma.
 *
 * Zero shares are exact: 0^rho = 0. The slope at zero is infinite for exponents below 1, so no share is ever offset or
 * clipped inside the power; `E_FLOOR` keeps e positive where every helpful share is zero.
 *
 * The coefficients are held by a ridge (see `priors`) weighed against the noise of the runs, because few runs do not
 * determine m transfer coefficients.
 *
 * Fitted to several model sizes (see `bimix-transfer-size.ts`), C + B x^-beta becomes C + B x^-beta + A n^-nu, n = N / N_max.
 */

import { distinctVolumes } from './distinct-volumes.ts';
import { effectiveShareLoss } from './effective-share.ts';
import type { Design, Law, Model, Parameter, PriorTerm, TargetEstimate, TargetShape } from './law.ts';
import { nonnegativeCombination } from './nonnegative-combination.ts';
import { pooledPriors } from './pooled-priors.ts';
import { transferNear } from './transfer.ts';

/** Added to e, so that a target has a finite loss even where no domain that helps it is drawn. */
const E_FLOOR = 1e-9;

/**
 * `bimix` in which domains help each other: each loss from an effective share. The default law.
 *
 * @example
 * ```js
 * import { fitLaw, bimixTransfer } from 'bimix';
 *
 * const law = fitLaw(table, bimixTransfer, { check: false });
 * ```
 */
export const bimixTransfer: Law = {
  name: 'bimix-transfer',
  title: 'BiMix with transfer',
  formula: 'L = E + e^-α · (C + B · x^-β),   e = r_own^ρ + Σ t_j · r_j^σ',
  source: 'generalizes Ge et al. 2024, arXiv 2405.14908, Eq. 3 (t = 0, ρ = 1, E = 0)',
  zeroShares: 'exact: 0^ρ = 0, a domain with no tokens adds nothing; the optimizer may go to 0',
  convexity:
    'e is concave in r (0 < ρ, σ ≤ 1, t ≥ 0), so e^-α is log-convex, and so is each loss at fixed volume; any weighted mean of losses is convex and its optimum is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: false,
  robust: true,
  smallestShare: 0,
  runsWanted: domains => 2 * domains,
  parameters,
  priors,
  pool,
  transfer: transferNear(parameters, priors, {
    alpha: 0.015,
    beta: 0.15,
    rho: 0.02,
    sigma: 0.02,
    t: 0.1,
    tauMean: 0.1,
  }),
  bind,
  starts,
  checkpointEffects: shape => {
    const at = layout(shape);
    return shape.volumeVaries ? [[at.c, at.b], [at.alpha]] : [];
  },
  atVolume: (shape, theta, volume, size) => {
    const at = layout(shape);
    const ofVolume = at.b < 0 ? 0 : Math.exp(theta[at.b]) * volume ** -theta[at.beta];
    const ofSize = at.a < 0 ? 0 : Math.exp(theta[at.a]) * size ** -theta[at.nu];
    const scale = Math.exp(theta[at.c]) + ofVolume + ofSize;
    const weights = Float64Array.from(shape.domains, (_, j) => (j === shape.own ? 1 : Math.exp(theta[at.t[j]])));
    const exponents = Float64Array.from(shape.domains, (_, j) => theta[j === shape.own ? at.rho : at.sigma]);
    return effectiveShareLoss(weights, exponents, E_FLOOR, Math.exp(theta[at.e]), scale, theta[at.alpha]);
  },
};

/** Positions in theta; -1 where the shape leaves a coefficient out. */
interface Layout {
  readonly e: number;
  readonly c: number;
  readonly alpha: number;
  readonly b: number;
  readonly beta: number;
  readonly a: number;
  readonly nu: number;
  readonly sigma: number;
  readonly rho: number;
  /** By training domain; -1 at the own domain. */
  readonly t: readonly number[];
  readonly transferMean: number;
  readonly length: number;
}

function layout(shape: TargetShape): Layout {
  let next = 3;
  const b = shape.volumeVaries ? next++ : -1;
  const beta = shape.volumeVaries ? next++ : -1;
  const a = shape.sizeVaries ? next++ : -1;
  const nu = shape.sizeVaries ? next++ : -1;
  const sigma = next++;
  const rho = shape.own >= 0 ? next++ : -1;
  const t = shape.domains.map((_, j) => (j === shape.own ? -1 : next++));
  return { e: 0, c: 1, alpha: 2, b, beta, a, nu, sigma, rho, t, transferMean: next, length: next + 1 };
}

function parameters(shape: TargetShape): readonly Parameter[] {
  const at = layout(shape);
  const list = new Array<Parameter>(at.length);
  const put = (
    index: number,
    name: string,
    symbol: string,
    scale: Parameter['scale'],
    lower: number,
    upper: number,
    meaning: string,
  ): void => {
    if (index >= 0) list[index] = { name, symbol, scale, lower, upper, meaning };
  };
  put(at.e, 'E', 'E', 'log', -18, 6, 'floor that no mixture and no volume goes below, nats per token');
  put(at.c, 'C', 'C', 'log', -18, 6, 'what a better mixture can take off after endless data, at e = 1, nats per token');
  put(at.alpha, 'alpha', 'α', 'linear', 0, 6, 'how fast the loss falls as the effective share e grows');
  put(at.b, 'B', 'B', 'log', -18, 6, 'what more data can still take off at e = 1 and x = 1, nats per token');
  put(at.beta, 'beta', 'β', 'linear', 0, 6, 'how fast the loss falls as the data volume grows');
  put(at.a, 'A', 'A', 'log', -18, 6, 'what a larger model can still take off at e = 1 and n = 1, nats per token');
  put(at.nu, 'nu', 'ν', 'linear', 0.01, 6, 'how fast the loss falls as the model grows');
  put(at.sigma, 'sigma', 'σ', 'linear', 0.05, 1, 'how quickly more of another domain stops helping; 1 is not at all');
  put(at.rho, 'rho', 'ρ', 'linear', 0.05, 1, 'how quickly more of the own domain stops helping; 1 is not at all');
  shape.domains.forEach((domain, j) => {
    put(
      at.t[j],
      `t.${domain}`,
      `t[${domain}]`,
      'log',
      -12,
      4,
      `help from a token of ${domain}, where the own domain's is 1`,
    );
  });
  put(
    at.transferMean,
    'tauMean',
    'τ',
    'linear',
    -12,
    4,
    'typical log t of this target, towards which the ridge draws every t',
  );
  return list;
}

/** The ridge; each term's square enters the objective times lambda^2. */
function priors(shape: TargetShape): readonly PriorTerm[] {
  const at = layout(shape);
  const one = (parameter: number, mean: number, sd: number): PriorTerm => ({ terms: [[parameter, 1]], mean, sd });
  const list = [
    one(at.transferMean, -3, 2),
    one(at.e, -1, 10),
    one(at.c, -1, 10),
    one(at.alpha, 0.3, 1),
    one(at.sigma, 0.8, 0.3),
  ];
  if (at.b >= 0) list.push(one(at.b, -1, 10), one(at.beta, 0.5, 0.15));
  if (at.a >= 0) list.push(one(at.a, -1, 10), one(at.nu, 0.1, 0.1));
  if (at.rho >= 0) list.push(one(at.rho, 0.8, 0.3));
  for (const t of at.t) {
    if (t < 0) continue;
    list.push({
      terms: [
        [t, 1],
        [at.transferMean, -1],
      ],
      mean: 0,
      sd: 2,
    });
  }
  return list;
}

function bind(shape: TargetShape, design: Design): Model {
  const at = layout(shape);
  const m = shape.domains.length;
  const rows = design.rowRun.length;
  const runs = design.shares.length / m;
  const drawn = drawnShares(design.shares, m);
  const volumes = distinctVolumes(design.volume);
  const volumePower = new Float64Array(volumes.logs.length);
  const logSize = design.size.map(Math.log);
  const sizePower = new Float64Array(runs);
  // Per run, since all rows of a run share its mixture: log e and e^-alpha.
  const logEffective = new Float64Array(runs);
  const discount = new Float64Array(runs);
  /** The terms of e, one for each drawn share. */
  const parts = new Float64Array(drawn.logs.length);
  const logWeight = new Float64Array(m);
  const exponent = new Float64Array(m);
  const evaluatedAt = new Float64Array(at.length).fill(Number.NaN);

  const evaluate = (theta: Float64Array): void => {
    if (theta.every((value, q) => value === evaluatedAt[q])) return;
    evaluatedAt.set(theta);
    for (let j = 0; j < m; j++) {
      logWeight[j] = j === shape.own ? 0 : theta[at.t[j]];
      exponent[j] = theta[j === shape.own ? at.rho : at.sigma];
    }
    for (let run = 0; run < runs; run++) {
      let e = E_FLOOR;
      for (let k = drawn.first[run]; k < drawn.first[run + 1]; k++) {
        const j = drawn.domain[k];
        parts[k] = Math.exp(logWeight[j] + exponent[j] * drawn.logs[k]);
        e += parts[k];
      }
      logEffective[run] = Math.log(e);
      discount[run] = Math.exp(-theta[at.alpha] * logEffective[run]);
      if (at.a >= 0) sizePower[run] = Math.exp(theta[at.a] - theta[at.nu] * logSize[run]);
    }
    for (let v = 0; v < volumePower.length; v++) {
      volumePower[v] = at.b < 0 ? 0 : Math.exp(theta[at.b] - theta[at.beta] * volumes.logs[v]);
    }
  };

  /** d log e / d theta of the parameters from sigma on. */
  const differentiateRuns = (perRun: Float64Array): void => {
    perRun.fill(0);
    for (let run = 0; run < runs; run++) {
      const base = run * (at.length - at.sigma) - at.sigma;
      const scale = Math.exp(-logEffective[run]);
      for (let k = drawn.first[run]; k < drawn.first[run + 1]; k++) {
        const j = drawn.domain[k];
        const part = parts[k] * scale;
        if (j !== shape.own) perRun[base + at.t[j]] = part;
        perRun[base + (j === shape.own ? at.rho : at.sigma)] += part * drawn.logs[k];
      }
    }
  };

  return {
    rowParameters: at.sigma,
    predict: (theta, logLosses) => {
      evaluate(theta);
      const floor = Math.exp(theta[at.e]);
      const c = Math.exp(theta[at.c]);
      for (let n = 0; n < rows; n++) {
        const run = design.rowRun[n];
        const power = volumePower[volumes.rowIndex[n]];
        logLosses[n] = Math.log(floor + discount[run] * (c + power + sizePower[run]));
      }
    },
    linearize: (theta, { logLosses, perRow, factor, perRun }) => {
      evaluate(theta);
      differentiateRuns(perRun);
      const floor = Math.exp(theta[at.e]);
      const c = Math.exp(theta[at.c]);
      for (let n = 0; n < rows; n++) {
        const run = design.rowRun[n];
        const volume = volumes.rowIndex[n];
        const power = volumePower[volume];
        const sum = c + power + sizePower[run];
        const loss = floor + discount[run] * sum;
        logLosses[n] = Math.log(loss);
        const base = n * at.sigma;
        const scale = discount[run] / loss;
        const above = scale * sum;
        perRow[base + at.e] = floor / loss;
        perRow[base + at.c] = scale * c;
        perRow[base + at.alpha] = -above * logEffective[run];
        if (at.b >= 0) {
          perRow[base + at.b] = scale * power;
          perRow[base + at.beta] = -scale * power * volumes.logs[volume];
        }
        if (at.a >= 0) {
          perRow[base + at.a] = scale * sizePower[run];
          perRow[base + at.nu] = -scale * sizePower[run] * logSize[run];
        }
        factor[n] = -theta[at.alpha] * above;
      }
    },
  };
}

/** The positive shares of each run, since the others add nothing. */
interface DrawnShares {
  /** R + 1: where the shares of each run begin. */
  readonly first: Int32Array;
  readonly domain: Int32Array;
  readonly logs: Float64Array;
}

function drawnShares(shares: Float64Array, m: number): DrawnShares {
  const first = [0];
  const domain: number[] = [];
  const logs: number[] = [];
  shares.forEach((share, index) => {
    if (share > 0) {
      domain.push(index % m);
      logs.push(Math.log(share));
    }
    if (index % m === m - 1) first.push(logs.length);
  });
  return { first: Int32Array.from(first), domain: Int32Array.from(domain), logs: Float64Array.from(logs) };
}

/** alpha, beta and t on a small grid, nu as in its prior; E, C, B and A by non-negative least squares of relative residuals. */
function starts(shape: TargetShape, design: Design, logLosses: Float64Array): readonly Float64Array[] {
  const at = layout(shape);
  const grid = shape.volumeVaries
    ? [0.1, 0.4].flatMap(alpha => [0.4, 0.9].flatMap(beta => [0.02, 0.2].map(t => ({ alpha, beta, t }))))
    : [0.1, 0.5].flatMap(alpha => [0.02, 0.2].map(t => ({ alpha, beta: 0, t })));
  const losses = logLosses.map(Math.exp);
  const meanLoss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const ones = new Float64Array(losses.length).fill(1);
  return grid.map(({ alpha, beta, t }) => {
    const theta = new Float64Array(at.length);
    theta[at.alpha] = alpha;
    theta[at.sigma] = 0.7;
    if (at.rho >= 0) theta[at.rho] = 0.7;
    if (at.beta >= 0) theta[at.beta] = beta;
    if (at.nu >= 0) theta[at.nu] = 0.1;
    for (const index of [...at.t, at.transferMean]) if (index >= 0) theta[index] = Math.log(t);
    const discounts = effectiveShares(shape, design, theta).map(e => e ** -alpha);
    const above = losses.map((loss, n) => discounts[design.rowRun[n]] / loss);
    const columns = [losses.map(loss => 1 / loss), above];
    if (at.b >= 0) columns.push(above.map((value, n) => value * design.volume[n] ** -beta));
    if (at.a >= 0) columns.push(above.map((value, n) => value * design.size[design.rowRun[n]] ** -theta[at.nu]));
    const scales = nonnegativeCombination(columns, ones).map(value => Math.log(Math.max(value, 0.02 * meanLoss)));
    [at.e, at.c, at.b, at.a]
      .filter(index => index >= 0)
      .forEach((index, column) => {
        theta[index] = scales[column];
      });
    return theta;
  });
}

/** e(r) of each run. */
function effectiveShares(shape: TargetShape, design: Design, theta: Float64Array): Float64Array {
  const at = layout(shape);
  const m = shape.domains.length;
  return Float64Array.from({ length: design.shares.length / m }, (_, run) => {
    let e = E_FLOOR;
    for (let j = 0; j < m; j++) {
      const share = design.shares[run * m + j];
      if (share > 0)
        e += j === shape.own ? share ** theta[at.rho] : Math.exp(theta[at.t[j]]) * share ** theta[at.sigma];
    }
    return e;
  });
}

/** Exponents and the typical transfer near their medians over targets; sources that help most targets help this one. */
function pool(estimates: readonly TargetEstimate[]): readonly (readonly PriorTerm[])[] | undefined {
  return pooledPriors(
    estimates,
    estimates.map(({ shape }) => priors(shape)),
    estimates.map(({ shape }) => layout(shape)),
  );
}
