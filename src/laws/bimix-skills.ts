/**
 * BiMix with two skills: what a target asks of a model is of two kinds, and a training domain may teach one and not the
 * other.
 *
 *   L(r, x) = E + C1 e1(r)^-alpha1 + e2(r)^-alpha2 (C2 + B x^-beta)
 *   e1(r)   = r_own^rho + sum over other domains j of t_j r_j^sigma
 *   e2(r)   = exp(d_own) r_own^rho + sum over other domains j of t_j exp(d_j) r_j^sigma      0 < rho, sigma <= 1
 *
 * With d = 0 and one alpha it is `bimix-transfer`, towards which the ridge draws it. x = s / s_max; L in nats per token. The
 * first skill is what a mixture is worth after endless data; the second falls with data too. Zero shares are exact: 0^rho = 0.
 *
 * Where runs were measured at common checkpoints, each checkpoint may differ from the law in all runs alike, by a factor of
 * C1, C2 and B and by a shift of both alphas (`checkpointEffects`): losses measured on other documents at each checkpoint
 * wobble together, and the more so the larger the own share.
 */

import { bimixTransfer } from './bimix-transfer.ts';
import { distinctVolumes } from './distinct-volumes.ts';
import { effectiveShareLoss } from './effective-share.ts';
import type { Design, Law, LossOfShares, Model, Parameter, PriorTerm, TargetEstimate, TargetShape } from './law.ts';
import { pooledPriors } from './pooled-priors.ts';
import { sumOfLosses } from './sum-of-losses.ts';

/** Added to e1 and e2, so that a target has a finite loss even where no domain that helps it is drawn. */
const E_FLOOR = 1e-9;
/** Standard deviation of d under the ridge: how much the skills may differ in what helps them. */
const DIFFERENCE_SD = 1.5;
/** Standard deviation of alpha2 - alpha1 under the ridge. */
const ALPHA_SD = 0.3;

/**
 * `bimixTransfer` with skills that the domains share.
 *
 * @example
 * ```js
 * import { fitLaw, bimixSkills } from 'bimix';
 *
 * const law = fitLaw(table, bimixSkills, { check: false });
 * ```
 */
export const bimixSkills: Law = {
  name: 'bimix-skills',
  title: 'BiMix with two skills',
  formula: 'L = E + C1 · e1^-α1 + e2^-α2 · (C2 + B · x^-β),   e1 = r_own^ρ + Σ t_j · r_j^σ,   e2: t_j · exp(d_j)',
  source: 'generalizes bimix-transfer, and with it Ge et al. 2024, arXiv 2405.14908, Eq. 3',
  zeroShares: 'exact: 0^ρ = 0, a domain with no tokens adds nothing; the optimizer may go to 0',
  convexity:
    'e1 and e2 are concave in r (0 < ρ, σ ≤ 1, t ≥ 0), so each power is log-convex, and so is their sum at fixed volume; any weighted mean of losses is convex and its optimum is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: false,
  robust: true,
  smallestShare: 0,
  runsWanted: domains => 3 * domains,
  parameters,
  priors,
  pool,
  bind,
  starts,
  atVolume,
  checkpointEffects: shape => {
    const at = layout(shape);
    return shape.volumeVaries
      ? [
          [at.c1, at.c2, at.b],
          [at.alpha1, at.alpha2],
        ]
      : [];
  },
};

/** Positions in theta; -1 where the shape leaves a coefficient out. */
interface Layout {
  readonly e: number;
  readonly c1: number;
  readonly alpha1: number;
  readonly c2: number;
  readonly alpha2: number;
  readonly b: number;
  readonly beta: number;
  readonly sigma: number;
  readonly rho: number;
  /** By training domain; -1 at the own domain. */
  readonly t: readonly number[];
  /** By training domain. */
  readonly d: readonly number[];
  readonly transferMean: number;
  readonly length: number;
}

function layout(shape: TargetShape): Layout {
  let next = 5;
  const b = shape.volumeVaries ? next++ : -1;
  const beta = shape.volumeVaries ? next++ : -1;
  const sigma = next++;
  const rho = shape.own >= 0 ? next++ : -1;
  const t = shape.domains.map((_, j) => (j === shape.own ? -1 : next++));
  const d = shape.domains.map(() => next++);
  return {
    e: 0,
    c1: 1,
    alpha1: 2,
    c2: 3,
    alpha2: 4,
    b,
    beta,
    sigma,
    rho,
    t,
    d,
    transferMean: next,
    length: next + 1,
  };
}

function parameters(shape: TargetShape): readonly Parameter[] {
  const at = layout(shape);
  const list = new Array<Parameter>(at.length);
  const log = (index: number, name: string, symbol: string, lower: number, upper: number, meaning: string): void => {
    if (index >= 0) list[index] = { name, symbol, scale: 'log', lower, upper, meaning };
  };
  const linear = (index: number, name: string, symbol: string, lower: number, upper: number, meaning: string): void => {
    if (index >= 0) list[index] = { name, symbol, scale: 'linear', lower, upper, meaning };
  };
  log(at.e, 'E', 'E', -18, 6, 'floor that no mixture and no volume goes below, nats per token');
  log(at.c1, 'C1', 'C1', -18, 6, 'what a better mixture can take off by the first skill, at e1 = 1, nats per token');
  linear(at.alpha1, 'alpha1', 'α1', 0, 6, 'how fast the first skill grows with e1');
  log(at.c2, 'C2', 'C2', -18, 6, 'the same by the second skill after endless data, at e2 = 1, nats per token');
  linear(at.alpha2, 'alpha2', 'α2', 0, 6, 'how fast the second skill grows with e2');
  log(at.b, 'B', 'B', -18, 6, 'what more data can still take off at e2 = 1 and x = 1, nats per token');
  linear(at.beta, 'beta', 'β', 0, 6, 'how fast the loss falls as the data volume grows');
  linear(at.sigma, 'sigma', 'σ', 0.05, 1, 'how quickly more of another domain stops helping; 1 is not at all');
  linear(at.rho, 'rho', 'ρ', 0.05, 1, 'how quickly more of the own domain stops helping; 1 is not at all');
  shape.domains.forEach((domain, j) => {
    log(at.t[j], `t.${domain}`, `t[${domain}]`, -12, 4, `help from a token of ${domain}, where the own domain's is 1`);
    linear(
      at.d[j],
      `d.${domain}`,
      `d[${domain}]`,
      -6,
      6,
      `logarithm of how much more a token of ${domain} helps the second skill than the first`,
    );
  });
  linear(at.transferMean, 'tauMean', 'τ', -12, 4, 'typical log t, towards which the ridge draws every t');
  return list;
}

/** The ridge; each term's square enters the objective times lambda^2. */
function priors(shape: TargetShape): readonly PriorTerm[] {
  const at = layout(shape);
  const one = (parameter: number, mean: number, sd: number): PriorTerm => ({ terms: [[parameter, 1]], mean, sd });
  const difference = (a: number, b: number, sd: number): PriorTerm => ({
    terms: [
      [a, 1],
      [b, -1],
    ],
    mean: 0,
    sd,
  });
  const list = [
    one(at.transferMean, -3, 2),
    one(at.e, -1, 10),
    one(at.c1, -1, 10),
    one(at.c2, -1, 10),
    one(at.alpha1, 0.3, 1),
    difference(at.alpha2, at.alpha1, ALPHA_SD),
    one(at.sigma, 0.8, 0.3),
    ...at.d.map(d => one(d, 0, DIFFERENCE_SD)),
  ];
  if (at.b >= 0) list.push(one(at.b, -1, 10), one(at.beta, 0.5, 0.15));
  if (at.rho >= 0) list.push(one(at.rho, 0.8, 0.3));
  for (const t of at.t) if (t >= 0) list.push(difference(t, at.transferMean, 2));
  return list;
}

/** As `bimix-transfer`. */
function pool(estimates: readonly TargetEstimate[]): readonly (readonly PriorTerm[])[] | undefined {
  return pooledPriors(
    estimates,
    estimates.map(({ shape }) => priors(shape)),
    estimates.map(({ shape }) => {
      const at = layout(shape);
      return { ...at, alpha: at.alpha1, differences: at.d };
    }),
  );
}

function bind(shape: TargetShape, design: Design): Model {
  const at = layout(shape);
  const m = shape.domains.length;
  const p = at.length;
  const rows = design.rowRun.length;
  const runs = design.shares.length / m;
  const volumes = distinctVolumes(design.volume);
  const logShare = design.shares.map(share => (share > 0 ? Math.log(share) : Number.NaN));
  const power = new Float64Array(volumes.logs.length);
  // Per run: log e1 and log e2, and their terms.
  const log1 = new Float64Array(runs);
  const log2 = new Float64Array(runs);
  const terms1 = new Float64Array(runs * m);
  const terms2 = new Float64Array(runs * m);
  const evaluatedAt = new Float64Array(p).fill(Number.NaN);

  const evaluate = (theta: Float64Array): void => {
    if (theta.every((value, q) => value === evaluatedAt[q])) return;
    evaluatedAt.set(theta);
    const more = at.d.map(d => Math.exp(theta[d]));
    const logWeight = at.t.map(t => (t < 0 ? 0 : theta[t]));
    const exponent = at.t.map(t => theta[t < 0 ? at.rho : at.sigma]);
    for (let run = 0; run < runs; run++) {
      let e1 = E_FLOOR;
      let e2 = E_FLOOR;
      for (let j = 0; j < m; j++) {
        const k = run * m + j;
        if (Number.isNaN(logShare[k])) continue;
        terms1[k] = Math.exp(logWeight[j] + exponent[j] * logShare[k]);
        terms2[k] = terms1[k] * more[j];
        e1 += terms1[k];
        e2 += terms2[k];
      }
      log1[run] = Math.log(e1);
      log2[run] = Math.log(e2);
    }
    for (let v = 0; v < power.length; v++) {
      power[v] = at.b < 0 ? 0 : Math.exp(theta[at.b] - theta[at.beta] * volumes.logs[v]);
    }
  };

  return {
    rowParameters: p,
    predict: (theta, logLosses) => {
      evaluate(theta);
      const floor = Math.exp(theta[at.e]);
      const c1 = Math.exp(theta[at.c1]);
      const c2 = Math.exp(theta[at.c2]);
      const first = log1.map(log => c1 * Math.exp(-theta[at.alpha1] * log));
      const discount = log2.map(log => Math.exp(-theta[at.alpha2] * log));
      for (let n = 0; n < rows; n++) {
        const run = design.rowRun[n];
        logLosses[n] = Math.log(floor + first[run] + discount[run] * (c2 + power[volumes.rowIndex[n]]));
      }
    },
    linearize: (theta, { logLosses, perRow }) => {
      evaluate(theta);
      perRow.fill(0);
      const floor = Math.exp(theta[at.e]);
      const c1 = Math.exp(theta[at.c1]);
      const c2 = Math.exp(theta[at.c2]);
      for (let n = 0; n < rows; n++) {
        const run = design.rowRun[n];
        const volume = volumes.rowIndex[n];
        const first = c1 * Math.exp(-theta[at.alpha1] * log1[run]);
        const discount = Math.exp(-theta[at.alpha2] * log2[run]);
        const second = discount * (c2 + power[volume]);
        const loss = floor + first + second;
        logLosses[n] = Math.log(loss);
        const base = n * p;
        perRow[base + at.e] = floor / loss;
        perRow[base + at.c1] = first / loss;
        perRow[base + at.alpha1] = (-first / loss) * log1[run];
        perRow[base + at.c2] = (discount * c2) / loss;
        perRow[base + at.alpha2] = (-second / loss) * log2[run];
        if (at.b >= 0) {
          perRow[base + at.b] = (discount * power[volume]) / loss;
          perRow[base + at.beta] = ((-discount * power[volume]) / loss) * volumes.logs[volume];
        }
        const slope1 = (-theta[at.alpha1] * first) / (loss * Math.exp(log1[run]));
        const slope2 = (-theta[at.alpha2] * second) / (loss * Math.exp(log2[run]));
        for (let j = 0; j < m; j++) {
          const k = run * m + j;
          if (Number.isNaN(logShare[k])) continue;
          const both = slope1 * terms1[k] + slope2 * terms2[k];
          if (at.t[j] >= 0) perRow[base + at.t[j]] = both;
          perRow[base + at.d[j]] = slope2 * terms2[k];
          perRow[base + (at.t[j] < 0 ? at.rho : at.sigma)] += both * logShare[k];
        }
      }
    },
  };
}

/** Those of `bimix-transfer`, with C halved between the skills and alpha2 twice alpha1. */
function starts(shape: TargetShape, design: Design, logLosses: Float64Array): readonly Float64Array[] {
  const at = layout(shape);
  const names = bimixTransfer.parameters(shape).map(({ name }) => name);
  return bimixTransfer.starts(shape, design, logLosses).map(start => {
    const of = (name: string): number => start[names.indexOf(name)];
    const theta = new Float64Array(at.length);
    theta[at.e] = of('E');
    theta[at.c1] = of('C') - Math.LN2;
    theta[at.c2] = of('C') - Math.LN2;
    theta[at.alpha1] = of('alpha');
    theta[at.alpha2] = 2 * of('alpha');
    theta[at.sigma] = of('sigma');
    if (at.rho >= 0) theta[at.rho] = of('rho');
    if (at.b >= 0) {
      theta[at.b] = of('B');
      theta[at.beta] = of('beta');
    }
    shape.domains.forEach((domain, j) => {
      if (at.t[j] >= 0) theta[at.t[j]] = of(`t.${domain}`);
    });
    theta[at.transferMean] = of('tauMean');
    return theta;
  });
}

function atVolume(shape: TargetShape, theta: Float64Array, volume: number): LossOfShares {
  const at = layout(shape);
  const weights = Float64Array.from(at.t, t => (t < 0 ? 1 : Math.exp(theta[t])));
  const exponents = Float64Array.from(at.t, t => theta[t < 0 ? at.rho : at.sigma]);
  const weights2 = weights.map((weight, j) => weight * Math.exp(theta[at.d[j]]));
  const second = Math.exp(theta[at.c2]) + (at.b < 0 ? 0 : Math.exp(theta[at.b]) * volume ** -theta[at.beta]);
  return sumOfLosses([
    effectiveShareLoss(weights, exponents, E_FLOOR, Math.exp(theta[at.e]), Math.exp(theta[at.c1]), theta[at.alpha1]),
    effectiveShareLoss(weights2, exponents, E_FLOOR, 0, second, theta[at.alpha2]),
  ]);
}
