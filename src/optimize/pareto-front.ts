/**
 * What two groups of evaluation domains cost each other: the allowed mixtures under which neither group's mean loss can fall
 * without the other's rising.
 *
 * Each point minimizes (1 - theta) f(r) + theta g(r), with f and g the weighted mean losses of the first and the second group.
 * The losses are convex, so these minima are the whole front except inside its straight pieces, whose ends they are. Points
 * are put where they are wanted: between the two neighbours farthest apart, with the theta whose level lines are parallel to
 * the chord between them. (Cohon 1978, *Multiobjective programming and planning*, ch. 6: non-inferior set estimation.)
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { FittedLaw, Warning } from '../laws/index.ts';
import { namedValue } from '../mixture/index.ts';
import { type MixtureProblem, makeProblem, type OptimizeOptions } from './mixture-problem.ts';
import { makeObjective } from './objective.ts';
import { objectiveUnit, requireOneUnit, summingToOne } from './objective-weights.ts';
import { findOptimum } from './optimum.ts';
import type { LossByDomain } from './proposal.ts';
import { epochsByDomain } from './repetition.ts';

/** Where a mixture lies: the weighted mean loss of each group, nats per token. */
export interface GroupLosses {
  readonly first: number;
  readonly second: number;
}

export interface ParetoPoint extends GroupLosses {
  /** theta: how much of the objective is the second group's. */
  readonly weight: number;
  /** By how many nats the second group's loss rises for each nat taken off the first's, here; null at the ends. */
  readonly exchange: number | null;
  /** Share of tokens by training domain. */
  readonly mixture: Readonly<Record<string, number>>;
  /** Tokens drawn / tokens available by training domain; null where not known. */
  readonly epochs: Readonly<Record<string, number | null>>;
  readonly losses: LossByDomain;
  /** Duality gap of the weighted mean, nats per token. */
  readonly gap: number;
}

export interface ParetoFront {
  /** Evaluation domains of each group. */
  readonly groups: { readonly first: readonly string[]; readonly second: readonly string[] };
  /** Unit of each group's mean loss; null where its weights mix several. */
  readonly units: { readonly first: string | null; readonly second: string | null };
  /** From the best for the first group to the best for the second. */
  readonly points: readonly ParetoPoint[];
  /** Between neighbours, no allowed mixture is below the line that joins them by more than this; nats of weighted mean. */
  readonly between: number;
  /** The same of the mixture compared with. */
  readonly reference: GroupLosses & { readonly name: string };
  /** The runs' mixtures, as the law predicts them at this budget. */
  readonly runs: readonly (GroupLosses & { readonly run: string })[];
  readonly volume: { readonly unit: 'tokens' | 'steps' | 'none'; readonly value: number | null };
  readonly warnings: readonly Warning[];
}

export interface ParetoGroups {
  /** Evaluation domains. */
  readonly first: readonly string[];
  readonly second: readonly string[];
}

/** theta at the ends: not 0 and 1, where one group's loss would not count at all. */
const END_WEIGHT = 1e-4;
/** Points nearer than this part of the chord between their neighbours are the same. */
const SAME_POINT = 0.02;

/**
 * The mixtures that trade the losses of two groups of domains against each other.
 *
 * @param groups without a common domain; within a group the weights of the options count, equal unless given
 * @param count points wanted, at least 2; fewer where the front has corners or straight pieces
 * @throws BimixError `unknown-domain`, `invalid-groups`, `invalid-weights`, `ambiguous-objective` for a group of several units
 *   without weights, and as `proposeMixture`
 *
 * @example
 * ```js
 * import { paretoFront } from 'bimix';
 *
 * const groups = { first: ['code'], second: ['web', 'books'] };
 * const { points } = paretoFront(law, groups, 5, { volume: { unit: 'tokens', value: 20e9 } });
 * ```
 */
export function paretoFront(
  fitted: FittedLaw,
  groups: ParetoGroups,
  count: number,
  options: Omit<OptimizeOptions, 'pull'> = {},
): ParetoFront {
  const names = fitted.targets.map(({ target }) => target);
  checkGroups(groups, names);
  const { weights: given, ...others } = options;
  const first = groupWeights(fitted, groups.first, given);
  const second = groupWeights(fitted, groups.second, given);
  const weights = Object.fromEntries(names.map((name, i) => [name, first[i] + second[i]]));
  const problem = makeProblem(fitted, { ...others, weights });
  const solve = (theta: number, near?: Float64Array): Solved => {
    const weights = first.map((weight, i) => (1 - theta) * weight + theta * second[i]);
    const losses = problem.losses.map(({ loss }) => loss);
    const objective = makeObjective(losses, weights, fitted.trainingDomains.length);
    const { shares, gap } = findOptimum(objective, problem.constraints, near, problem.ceilings);
    return { theta, shares, gap, ...groupLosses(problem, shares, first, second) };
  };
  const solved = refine(solve(END_WEIGHT), solve(1 - END_WEIGHT), count, solve);
  const { reference, volume, warnings } = problem;
  return {
    groups: { first: groups.first, second: groups.second },
    units: { first: objectiveUnit(fitted, first), second: objectiveUnit(fitted, second) },
    points: solved.map(point => describePoint(fitted, problem, options, point)),
    between: solved.slice(1).reduce((most, point, i) => Math.max(most, belowChord(solved[i], point)), 0),
    reference: { name: reference.name, ...groupLosses(problem, reference.shares, first, second) },
    runs: fitted.covered.runs.map((run, i) => {
      return { run, ...groupLosses(problem, Float64Array.from(fitted.covered.mixtures[i]), first, second) };
    }),
    volume: { unit: fitted.volume.unit, value: fitted.volume.unit === 'none' ? null : volume.atFit },
    warnings,
  };
}

function checkGroups({ first, second }: ParetoGroups, names: readonly string[]): void {
  for (const name of [...first, ...second]) {
    if (names.includes(name)) continue;
    throw new BimixError('unknown-domain', `unknown evaluation domain "${name}" in a group`, {
      hint: didYouMean(name, names),
    });
  }
  const common = first.find(name => second.includes(name));
  if (first.length > 0 && second.length > 0 && common === undefined) return;
  const trouble = common === undefined ? 'one of them is empty' : `"${common}" is in both`;
  throw new BimixError('invalid-groups', `invalid groups: ${trouble}`, {
    hint: 'Name the evaluation domains of each group once.',
  });
}

/** The group's weights among all targets, summing to 1. */
function groupWeights({ targets }: FittedLaw, group: readonly string[], given: OptimizeOptions['weights']): number[] {
  if (given === undefined) requireOneUnit(targets.filter(({ target }) => group.includes(target)));
  const weights = targets.map(({ target: name }) =>
    group.includes(name) ? (namedValue(given, name) ?? (given === undefined ? 1 : 0)) : 0,
  );
  const areWeights = weights.every(weight => weight >= 0 && Number.isFinite(weight));
  if (areWeights && weights.some(weight => weight > 0)) return summingToOne(weights);
  const message = `invalid weights: the group ${group.join(', ')} has ${areWeights ? 'none above 0' : 'one that is no number of 0 or more'}`;
  throw new BimixError('invalid-weights', message, {
    hint: 'Give a domain of each group a positive weight, or leave the weights out.',
  });
}

interface Solved extends GroupLosses {
  readonly theta: number;
  readonly shares: Float64Array;
  readonly gap: number;
}

function groupLosses(
  { losses }: MixtureProblem,
  shares: Float64Array,
  first: readonly number[],
  second: readonly number[],
): GroupLosses {
  const values = losses.map(({ loss }, i) => (first[i] > 0 || second[i] > 0 ? loss.value(shares) : 0));
  const mean = (weights: readonly number[]): number => weights.reduce((sum, weight, i) => sum + weight * values[i], 0);
  return { first: mean(first), second: mean(second) };
}

/** Points from one end to the other, added where neighbours are farthest apart in units of the front's own extent. */
function refine(
  start: Solved,
  end: Solved,
  count: number,
  solve: (theta: number, near: Float64Array) => Solved,
): Solved[] {
  const points = [start, end];
  const width = end.first - start.first;
  const height = start.second - end.second;
  if (!(width > 0 && height > 0)) return [start];
  const apart = (a: Solved, b: Solved): number =>
    Math.hypot((b.first - a.first) / width, (b.second - a.second) / height);
  const closed = new Set<Solved>();
  while (points.length < count) {
    let widest = -1;
    for (let i = 0; i + 1 < points.length; i++) {
      if (closed.has(points[i])) continue;
      if (widest < 0 || apart(points[i], points[i + 1]) > apart(points[widest], points[widest + 1])) widest = i;
    }
    if (widest < 0) break;
    const [a, b] = [points[widest], points[widest + 1]];
    const across = b.first - a.first;
    const point = solve(across / (across + a.second - b.second), a.shares);
    const length = apart(a, b);
    if (apart(a, point) < SAME_POINT * length || apart(point, b) < SAME_POINT * length) closed.add(a);
    else points.splice(widest + 1, 0, point);
  }
  return points;
}

/**
 * How far the front can be below the chord between two of its points: both lie on lines that no allowed mixture is below, and
 * these meet at its lowest possible point. In the weighted mean whose level lines are parallel to the chord.
 */
function belowChord(a: Solved, b: Solved): number {
  const level = ({ theta, first, second }: Solved): number => (1 - theta) * first + theta * second;
  const turn = (1 - a.theta) * b.theta - a.theta * (1 - b.theta);
  if (!(turn > 0)) return 0;
  const first = (level(a) * b.theta - level(b) * a.theta) / turn;
  const second = (level(b) * (1 - a.theta) - level(a) * (1 - b.theta)) / turn;
  const across = b.first - a.first;
  const theta = across / (across + a.second - b.second);
  return Math.max(0, level({ ...a, theta }) - level({ ...a, theta, first, second }));
}

function describePoint(
  { trainingDomains }: FittedLaw,
  { volume, losses }: MixtureProblem,
  { tokensAvailable }: OptimizeOptions,
  { theta, shares, gap, first, second }: Solved,
): ParetoPoint {
  const isEnd = theta <= END_WEIGHT || theta >= 1 - END_WEIGHT;
  return {
    first,
    second,
    weight: theta,
    exchange: isEnd ? null : (1 - theta) / theta,
    mixture: Object.fromEntries(trainingDomains.map((domain, j) => [domain, shares[j]])),
    epochs: epochsByDomain(trainingDomains, shares, volume.tokens, tokensAvailable),
    losses: Object.fromEntries(losses.map(({ target, loss }) => [target, loss.value(shares)])),
    gap,
  };
}
