/**
 * A law from its formula alone: `defineLaw` adds the derivatives, by finite differences, and the starting points, in the middle
 * of the bounds. Slower to fit than a law with derivatives of its own, and otherwise used alike.
 */

import { BimixError } from '../errors/index.ts';
import { differencedLoss } from './differenced-loss.ts';
import type { Design, Law, LawDescription, Model, Parameter, PriorTerm, TargetShape } from './law.ts';

/** One coefficient, with bounds of the coefficient itself. */
export interface CoefficientDefinition {
  /** Key in `law.json` and in what the formula reads. */
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
  /** `log` for positive coefficients that span orders of magnitude; defaults to `linear`. */
  readonly scale?: 'linear' | 'log';
  /** Where the search begins; defaults to the middle of the bounds, on a log scale the geometric one. */
  readonly start?: number;
  /** Draws the coefficient, or its logarithm on a log scale, towards a value when runs are few. */
  readonly prior?: { readonly mean: number; readonly sd: number };
  /** As written in the formula; defaults to the name. */
  readonly symbol?: string;
  /** For readers of the report. */
  readonly meaning?: string;
}

/** What a formula is given. */
export interface LossInputs {
  /** m shares of tokens, in the order of `domains`; the derivatives also ask where they sum to 1 within 0.001 only. */
  readonly shares: Float64Array;
  /** x = s / s_max: data volume over the largest of the fit; 1 throughout where the runs have none. */
  readonly volume: number;
  /** N / N_max; 1 throughout unless the law knows the size. */
  readonly size: number;
  /** Index of the training domain the target measures, or -1. */
  readonly own: number;
  readonly domains: readonly string[];
}

export interface LawDefinition {
  /** As on the command line and in `law.json`. */
  readonly name: string;
  readonly title: string;
  /** In symbols. */
  readonly formula: string;
  /** Where it comes from. */
  readonly source: string;
  /** Whether each loss is convex in the mixture: only then is the law optimized. bimix takes your word for it. */
  readonly convex: boolean;
  /** The coefficients of one target; at least those its data cannot tell should be left out, see `TargetShape`. */
  parameters(shape: TargetShape): readonly CoefficientDefinition[];
  /** Loss of one target, nats per token, above 0. */
  loss(coefficients: Readonly<Record<string, number>>, at: LossInputs): number;
  /** Why it is convex, in a sentence. */
  readonly convexity?: string;
  /** What it does with a share of zero, in a sentence. */
  readonly zeroShares?: string;
  /** Defaults to false. */
  readonly needsOwnDomain?: boolean;
  /** Defaults to false. */
  readonly knowsSize?: boolean;
  /** Huber's weights for large residuals; defaults to true. */
  readonly robust?: boolean;
  /** The smallest share the optimizer may give a domain; defaults to 0. */
  readonly smallestShare?: number;
  /** Defaults to twice the number of domains. */
  readonly runsWanted?: (domains: number) => number;
}

/** Step of the differences in theta. */
const STEP = 1e-5;

/**
 * A law from its formula alone; its derivatives are taken by finite differences.
 *
 * @example
 * ```js
 * import { defineLaw } from 'bimix';
 *
 * const flat = defineLaw({
 *   name: 'flat',
 *   title: 'The same loss everywhere',
 *   formula: 'L = c',
 *   source: 'an example',
 *   convex: true,
 *   parameters: () => [{ name: 'c', lower: 0.1, upper: 10, scale: 'log' }],
 *   loss: ({ c }) => c,
 * });
 * ```
 */
export function defineLaw(definition: LawDefinition): Law {
  const { name, title, formula, source, convex } = definition;
  const description: LawDescription = {
    name,
    title,
    formula,
    source,
    convex,
    zeroShares: definition.zeroShares ?? 'as its formula says',
    convexity:
      definition.convexity ??
      (convex ? 'convex in the mixture, as its author says' : 'not convex in the mixture, or not known to be'),
    needsOwnDomain: definition.needsOwnDomain ?? false,
    knowsSize: definition.knowsSize ?? false,
    smallestShare: definition.smallestShare ?? 0,
    runsWanted: definition.runsWanted ?? (domains => 2 * domains),
  };
  return {
    ...description,
    robust: definition.robust ?? true,
    parameters: shape => coefficients(definition, shape).map(parameterOf),
    priors: shape => priors(definition, shape),
    bind: (shape, design) => bind(definition, shape, design),
    starts: (shape, design) => [checkedStart(definition, shape, design)],
    atVolume: (shape, theta, volume, size) => {
      const values = named(definition, shape, theta);
      const { own, domains } = shape;
      return differencedLoss(domains.length, shares => {
        const at = { shares, volume, size, own, domains };
        const loss = lossAt(definition, values, at);
        if (loss > 0 && Number.isFinite(loss)) return loss;
        throw invalidLoss(definition, `gives ${loss} where a loss above 0 is expected`, values, at);
      });
    },
  };
}

/** @throws BimixError `invalid-law` for bounds that leave nothing between them, or are not positive on a log scale */
function coefficients(definition: LawDefinition, shape: TargetShape): readonly CoefficientDefinition[] {
  const list: unknown = definition.parameters(shape);
  if (!isListOfCoefficients(list)) {
    const message = `invalid law "${definition.name}": parameters() does not give a list of { name, lower, upper }`;
    throw new BimixError('invalid-law', message);
  }
  for (const { name, lower, upper, scale } of list) {
    const finite = Number.isFinite(lower) && Number.isFinite(upper) && lower < upper;
    if (finite && (scale !== 'log' || lower > 0)) continue;
    const message = `invalid law "${definition.name}": coefficient ${name} has the bounds ${lower} and ${upper}`;
    throw new BimixError('invalid-law', message, {
      hint: `Give finite numbers, the lower first${scale === 'log' ? ', both above 0 on a log scale' : ''}.`,
    });
  }
  return list;
}

function isListOfCoefficients(list: unknown): list is readonly CoefficientDefinition[] {
  return Array.isArray(list) && list.every(one => typeof one?.name === 'string');
}

/** The coefficient as theta: its logarithm on a log scale. */
function thetaOf(value: number, { scale }: CoefficientDefinition): number {
  return scale === 'log' ? Math.log(value) : value;
}

function parameterOf(coefficient: CoefficientDefinition): Parameter {
  const { name, scale = 'linear', lower, upper, symbol = name, meaning = '' } = coefficient;
  return { name, symbol, scale, meaning, lower: thetaOf(lower, coefficient), upper: thetaOf(upper, coefficient) };
}

function priors(definition: LawDefinition, shape: TargetShape): PriorTerm[] {
  return coefficients(definition, shape).flatMap(({ prior }, q) =>
    prior === undefined ? [] : [{ terms: [[q, 1]] as const, ...prior }],
  );
}

function named(definition: LawDefinition, shape: TargetShape, theta: Float64Array): Record<string, number> {
  const list = coefficients(definition, shape);
  return Object.fromEntries(list.map(({ name, scale }, q) => [name, scale === 'log' ? Math.exp(theta[q]) : theta[q]]));
}

function bind(definition: LawDefinition, shape: TargetShape, design: Design): Model {
  const { own, domains } = shape;
  const m = domains.length;
  const { rowRun, volume, size } = design;
  const parameters = coefficients(definition, shape).map(parameterOf);
  const p = parameters.length;
  const shares = Array.from(size, (_, run) => design.shares.slice(run * m, (run + 1) * m));
  const values: Record<string, number> = {};
  const below = new Float64Array(rowRun.length);
  const above = new Float64Array(rowRun.length);

  const predict = (theta: Float64Array, logLosses: Float64Array): void => {
    for (let q = 0; q < p; q++)
      values[parameters[q].name] = parameters[q].scale === 'log' ? Math.exp(theta[q]) : theta[q];
    for (let n = 0; n < logLosses.length; n++) {
      const run = rowRun[n];
      const at = { shares: shares[run], volume: volume[n], size: size[run], own, domains };
      logLosses[n] = Math.log(lossAt(definition, values, at));
    }
  };
  return {
    rowParameters: p,
    predict,
    linearize: (theta, { logLosses, perRow }) => {
      const moved = Float64Array.from(theta);
      for (let q = 0; q < p; q++) {
        // Never across a bound, where the formula may not hold.
        const high = Math.min(theta[q] + STEP, Math.max(parameters[q].upper, theta[q]));
        const low = Math.max(theta[q] - STEP, Math.min(parameters[q].lower, theta[q]));
        moved[q] = high;
        predict(moved, above);
        moved[q] = low;
        predict(moved, below);
        moved[q] = theta[q];
        for (let n = 0; n < logLosses.length; n++) perRow[n * p + q] = (above[n] - below[n]) / (high - low);
      }
      predict(theta, logLosses);
    },
  };
}

/** @throws BimixError `invalid-law` where the formula has no loss there */
function checkedStart(definition: LawDefinition, shape: TargetShape, design: Design): Float64Array {
  const start = Float64Array.from(coefficients(definition, shape), coefficient => {
    const { lower, upper, start: value } = coefficient;
    return value === undefined
      ? (thetaOf(lower, coefficient) + thetaOf(upper, coefficient)) / 2
      : thetaOf(value, coefficient);
  });
  const m = shape.domains.length;
  const values = named(definition, shape, start);
  design.rowRun.forEach((run, n) => {
    const shares = design.shares.slice(run * m, (run + 1) * m);
    const { own, domains } = shape;
    const at = { shares, volume: design.volume[n], size: design.size[run], own, domains };
    const loss = lossAt(definition, values, at);
    if (loss > 0 && Number.isFinite(loss)) return;
    throw invalidLoss(definition, `gives ${loss} where a loss above 0 is expected`, values, at);
  });
  return start;
}

/** @throws BimixError `invalid-law` where the formula itself throws */
function lossAt(definition: LawDefinition, values: Readonly<Record<string, number>>, at: LossInputs): number {
  try {
    return definition.loss(values, at);
  } catch (cause) {
    throw invalidLoss(definition, `fails: ${cause instanceof Error ? cause.message : cause}`, values, at, cause);
  }
}

function invalidLoss(
  { name }: LawDefinition,
  why: string,
  values: Readonly<Record<string, number>>,
  { shares, domains, volume }: LossInputs,
  cause?: unknown,
): BimixError {
  const list = (entries: readonly (readonly [string, number])[]): string =>
    entries.map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`).join(', ');
  const mixture = list(domains.map((domain, j) => [domain, shares[j]]));
  return new BimixError('invalid-law', `invalid law "${name}": loss() ${why}`, {
    hint: `At the coefficients ${list(Object.entries(values))}, the shares ${mixture} and volume ${Number(volume.toPrecision(4))}. Shares may be 0.`,
    cause,
  });
}
