/** What would change a decision: the limit that costs most, and the domain whose share matters most. */

import type { FittedLaw } from '../laws/index.ts';
import {
  findOptimum,
  type MixtureProblem,
  makeProblem,
  type OptimizeOptions,
  type Proposal,
} from '../optimize/index.ts';
import type { KeyDomain, LimitCost } from './decision.ts';

/** What changes the mean loss by less than this part is not worth a word. */
const MIN_COST = 1e-4;

/** Each active limit is taken away in turn, and the optimum found again. Null where none costs 0.01 %. */
export function costliestLimit(fitted: FittedLaw, options: OptimizeOptions, proposal: Proposal): LimitCost | null {
  const costs = [
    ...proposal.activeBounds.flatMap(({ domain, bound, share }): LimitCost[] => {
      const freed = withoutLimit(options, domain, bound);
      if (freed === undefined) return [];
      const { objective, constraints, ceilings } = makeProblem(fitted, freed);
      const { value } = findOptimum(objective, constraints, undefined, ceilings);
      return [{ limit: limitInWords(domain, bound, share), cost: 1 - value / proposal.objective }];
    }),
    ...proposal.targets.map(({ target, ceiling, worthOfOnePercent }) => ({
      limit: `1 % on the largest loss allowed for ${target} (${ceiling.toFixed(4)})`,
      cost: worthOfOnePercent / proposal.objective,
    })),
  ];
  const most = costs.reduce<LimitCost | null>((a, b) => (a === null || b.cost > a.cost ? b : a), null);
  return most === null || most.cost < MIN_COST ? null : most;
}

/** Undefined for a limit that is not the user's. */
function withoutLimit(
  options: OptimizeOptions,
  domain: string,
  bound: Proposal['activeBounds'][number]['bound'],
): OptimizeOptions | undefined {
  if (bound === 'tokens available') {
    const { [domain]: _, ...rest } = options.tokensAvailable ?? {};
    return { ...options, tokensAvailable: rest };
  }
  const range = options.bounds?.[domain];
  // Every share is at least 0; every other limit is the user's.
  if (range?.[bound] === undefined || (bound === 'lower' && range.lower === 0)) return undefined;
  const { [bound]: _, ...rest } = range;
  return { ...options, bounds: { ...options.bounds, [domain]: rest } };
}

function limitInWords(domain: string, bound: Proposal['activeBounds'][number]['bound'], share: number): string {
  const at = `${Number((100 * share).toPrecision(3))} %`;
  if (bound === 'tokens available') return `the tokens available of ${domain} (${at} of the budget)`;
  return `the share of ${domain}, ${bound === 'lower' ? 'at least' : 'at most'} ${at}`;
}

/**
 * Each share in turn goes back to that of the alternative, the others keep their ratios. Null where none costs 0.01 %.
 *
 * @param shares m: the mixture
 * @param other m: the alternative
 */
export function keyDomain(
  { objective, constraints: { domains } }: MixtureProblem,
  shares: Float64Array,
  other: Float64Array,
): KeyDomain | null {
  const best = objective.value(shares);
  let most: KeyDomain | null = null;
  domains.forEach((domain, j) => {
    const rest = 1 - shares[j];
    if (rest <= 0 || other[j] >= 1) return;
    const moved = shares.map((share, k) => (k === j ? other[j] : (share / rest) * (1 - other[j])));
    const cost = objective.value(moved) / best - 1;
    if (Number.isFinite(cost) && cost >= MIN_COST && cost > (most?.cost ?? 0)) {
      most = { domain, share: shares[j], otherShare: other[j], cost };
    }
  });
  return most;
}
