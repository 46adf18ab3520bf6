/** What a design from scratch is made for: domains, the mixtures allowed, and the mixture it is made about. */

import { BimixError } from '../errors/index.ts';
import {
  alignMixture,
  type Mixture,
  makeMixture,
  namedValue,
  projectToSimplex,
  totalVariation,
} from '../mixture/index.ts';
import {
  type ConstraintOptions,
  makeConstraints,
  nearestAllowedMixture,
  type ShareConstraints,
} from '../optimize/index.ts';

export interface DesignProblem {
  /** m training domains. */
  readonly domains: readonly string[];
  readonly limits: ConstraintOptions;
  readonly constraints: ShareConstraints;
  /** Proportional to the tokens available where these are known of all domains, else uniform; shares of tokens. */
  readonly prior: Mixture;
  /** Mixtures that entropies imply, by proxy; for the method `entropy`. */
  readonly entropyMixtures?: Readonly<Record<string, Mixture>>;
  /** By run name; for the method `given`. */
  readonly givenMixtures?: Readonly<Record<string, Mixture>>;
  /** Of all draws. */
  readonly seed: number;
}

export interface DesignProblemOptions extends ConstraintOptions {
  readonly entropyMixtures?: Readonly<Record<string, Mixture>>;
  readonly givenMixtures?: Readonly<Record<string, Mixture>>;
  /** Defaults to 0. */
  readonly seed?: number;
}

/**
 * @throws BimixError `missing-domains` for fewer than two, `ambiguous-domain` for one named twice, `invalid-mixture` when there
 * are no tokens at all, and as `makeConstraints`
 */
export function makeDesignProblem(domains: readonly string[], options: DesignProblemOptions = {}): DesignProblem {
  const { entropyMixtures, givenMixtures, seed = 0, ...limits } = options;
  if (domains.length < 2) {
    throw new BimixError('missing-domains', `missing domains: a design needs two or more, and has ${domains.length}`);
  }
  const twice = domains.find((domain, j) => domains.indexOf(domain) !== j);
  if (twice !== undefined) {
    throw new BimixError('ambiguous-domain', `ambiguous domain "${twice}": it is named twice`);
  }
  const constraints = makeConstraints(domains, limits);
  const { tokensAvailable: tokens = {} } = limits;
  const isKnown = hasTokensOfAll(domains, tokens);
  const prior = makeMixture(Object.fromEntries(domains.map(domain => [domain, isKnown ? tokens[domain] : 1])), {
    sumTolerance: Number.POSITIVE_INFINITY,
    name: 'size-proportional',
  });
  return {
    ...{ domains, limits, constraints, prior, seed },
    ...(entropyMixtures === undefined ? {} : { entropyMixtures }),
    ...(givenMixtures === undefined ? {} : { givenMixtures }),
  };
}

export function hasTokensOfAll(domains: readonly string[], tokens: Readonly<Record<string, number>>): boolean {
  return domains.every(domain => namedValue(tokens, domain) !== undefined);
}

/** A mixture that a method asks for. */
export interface DesignedMixture {
  readonly name: string;
  /** m: shares of tokens, within the bounds. */
  readonly shares: Float64Array;
  /** Part of the tokens that had to move from the mixture meant, to keep the bounds. */
  readonly moved: number;
}

/**
 * A mixture meant, or the nearest one allowed: in KL divergence, so that domains off their bounds keep their proportions, or where
 * tokens must go to domains it has none of, in Euclidean distance.
 *
 * @throws BimixError `unknown-domain` for one that is not designed for
 */
export function allowedMixture(
  { domains, limits, constraints }: DesignProblem,
  name: string,
  wanted: Mixture,
): DesignedMixture {
  const proportions = alignMixture(wanted, domains, name);
  const { lower, upper } = constraints;
  const most = proportions.reduce((sum, share, j) => sum + (share > 0 ? upper[j] : lower[j]), 0);
  const shares =
    most < 1
      ? projectToSimplex(proportions, constraints)
      : nearestAllowedMixture({ domains, proportions }, limits).mixture.proportions;
  return { name, shares, moved: totalVariation(shares, proportions) };
}
