/**
 * A mixture: the share of training tokens drawn from each domain. Shares are of *tokens*, never of documents or
 * samples, are never negative and sum to one.
 */

import { BimixError, didYouMean, type Place } from '../errors/index.ts';
import { checkDomainName } from './domain-name.ts';

/** Proportions over named training domains, in the order of `domains`. Make one with `makeMixture`. */
export interface Mixture {
  readonly domains: readonly string[];
  /** Share of tokens of each domain; same length as `domains`, sums to 1 within rounding. */
  readonly proportions: Float64Array;
}

/** How far a sum may be from 1 before a mixture is refused; within it, it is renormalized. */
export const SUM_TOLERANCE = 0.01;

export interface MakeMixtureOptions {
  /** How far the sum may be from 1; defaults to `SUM_TOLERANCE`. Infinity takes any positive weights. */
  readonly sumTolerance?: number;
  /** What to call the mixture in errors. */
  readonly name?: string;
  readonly where?: Place;
}

/**
 * Checks and normalizes weights to a mixture.
 *
 * @param weights share of tokens by domain name
 * @throws BimixError `invalid-mixture` when a weight is negative or not a number, or the sum is not 1 within the tolerance
 *
 * @example
 * ```js
 * import { makeMixture } from 'bimix';
 *
 * const mixture = makeMixture({ web: 0.7, code: 0.3 });
 * ```
 */
export function makeMixture(weights: Readonly<Record<string, number>>, options: MakeMixtureOptions = {}): Mixture {
  const domains = Object.keys(weights);
  const proportions = Float64Array.from(domains, domain => weights[domain]);
  normalizeProportions(domains, proportions, options);
  return { domains, proportions };
}

/**
 * Checks proportions in place and scales them to sum to one.
 *
 * @returns the sum before scaling
 * @throws BimixError `invalid-mixture`, as `makeMixture`
 */
export function normalizeProportions(
  domains: readonly string[],
  proportions: Float64Array,
  options: MakeMixtureOptions = {},
): number {
  const { sumTolerance = SUM_TOLERANCE, name, where = {} } = options;
  const subject = name === undefined ? 'invalid mixture' : `invalid mixture "${name}"`;
  let sum = 0;
  for (let j = 0; j < domains.length; j++) {
    checkDomainName(domains[j], where);
    const share = proportions[j];
    if (!(share >= 0) || share === Number.POSITIVE_INFINITY) {
      throw new BimixError('invalid-mixture', `${subject}: the share of "${domains[j]}" is ${share}, expected 0 to 1`, {
        where,
      });
    }
    sum += share;
  }
  if (!(sum > 0) || Math.abs(sum - 1) > sumTolerance + 1e-12) {
    const rounded = Number(sum.toPrecision(6));
    const hint = sumHint(sum, options.sumTolerance !== undefined);
    const message = `${subject}: proportions sum to ${rounded}, expected 1 within ${sumTolerance}`;
    throw new BimixError('invalid-mixture', message, { where, hint });
  }
  for (let j = 0; j < proportions.length; j++) proportions[j] /= sum;
  return sum;
}

/** Sums farther from 1 are no rounding: a tolerance would hide an error. */
const MAX_ROUNDING = 0.1;

/** @param adjustable whether the caller takes a tolerance from the user */
function sumHint(sum: number, adjustable: boolean): string {
  if (!(sum > 0)) return 'Give at least one domain a positive share.';
  if (Math.abs(sum - 100) <= 2) return 'Shares are fractions of tokens, not percentages: divide them by 100.';
  if (Math.abs(sum - 1) > MAX_ROUNDING) {
    return sum < 1
      ? 'A domain may be missing. If they are weights in some other scale, divide them by their sum.'
      : 'A domain may be counted twice. If they are weights in some other scale, divide them by their sum.';
  }
  if (!adjustable) return 'Shares are fractions of tokens: divide them by their sum.';
  const tolerance = Number((Math.abs(sum - 1) + 0.005).toFixed(2));
  return `Shares are fractions of tokens. Pass --sum-tolerance ${tolerance} to renormalize it.`;
}

/**
 * The shares of a mixture in the order of `domains`; a domain the mixture does not name gets 0.
 *
 * @throws BimixError `unknown-domain` when the mixture names a domain that is not in `domains`
 */
export function alignMixture(mixture: Mixture, domains: readonly string[], name = 'mixture'): Float64Array {
  const aligned = new Float64Array(domains.length);
  mixture.domains.forEach((domain, j) => {
    const index = domains.indexOf(domain);
    if (index < 0 && mixture.proportions[j] > 0) {
      throw new BimixError('unknown-domain', `unknown domain "${domain}" in ${name}`, {
        hint: didYouMean(domain, domains),
      });
    }
    if (index >= 0) aligned[index] = mixture.proportions[j];
  });
  return aligned;
}

/** Share of tokens by domain name. */
export function mixtureToRecord(mixture: Mixture): Record<string, number> {
  return Object.fromEntries(mixture.domains.map((domain, j) => [domain, mixture.proportions[j]]));
}
