/** From a mixture as it is written to a `Mixture`: weights checked, names matched with training domains. */

import { BimixError, didYouMean, type Place } from '../../errors/index.ts';
import { domainCandidates } from '../match-domains.ts';
import { type Mixture, normalizeProportions } from '../mixture.ts';
import { type Key, type WrittenMixture, type WrittenShare, weightOf } from './written-mixture.ts';

export interface ResolveMixtureOptions {
  /** Training domains that the mixture is wanted in, in this order; its own names unless given. */
  readonly domains?: readonly string[];
  /** How far shares may be from summing to 1; default 0.01. Weights may have any positive sum. */
  readonly sumTolerance?: number;
  /** What to call the mixture in errors. */
  readonly name?: string;
  /** Where the value under these keys stands. */
  readonly place?: (keys: readonly Key[]) => Place;
}

/** Shares that sum to 100 within this are percentages. */
const PERCENT_TOLERANCE = 1;

/**
 * The mixture, in share of tokens. Domains asked for that it does not name get 0; a name of weight 0 may be unknown.
 *
 * @throws BimixError `invalid-share` when a weight is not a number of at least 0, `invalid-mixture` when shares do not sum to
 *   1 or 100, `unknown-domain`, `ambiguous-domain` when a name fits several domains or a domain appears twice
 */
export function resolveMixture(written: WrittenMixture, options: ResolveMixtureOptions = {}): Mixture {
  const { domains, name = 'mixture', place = () => ({}) } = options;
  const weights = written.shares.map(share => checkedWeight(share, place));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const isScaled = written.kind === 'weights' || Math.abs(sum - 100) <= PERCENT_TOLERANCE;
  const where = place(written.shares[0].keys.slice(0, -1));
  const checked = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...sumToleranceOf(isScaled, options),
    where,
  };
  const own = domains ?? ownNames(written, place, name);
  const prefix = sharedPrefix(written.shares.map(share => share.names[0]));
  const proportions = new Float64Array(own.length);
  const takenBy = new Map<number, string>();
  for (const [i, share] of written.shares.entries()) {
    const index = domains === undefined ? i : domainOf(withoutPrefix(share, prefix), domains, weights[i], name, place);
    if (index === undefined) continue;
    const other = takenBy.get(index);
    if (other !== undefined && !written.arePaths) throw namedTwice(own[index], other, share, name, place);
    takenBy.set(index, share.names[0]);
    proportions[index] += weights[i];
  }
  normalizeProportions(own, proportions, checked);
  return { domains: [...own], proportions };
}

function sumToleranceOf(isScaled: boolean, { sumTolerance }: ResolveMixtureOptions): { sumTolerance?: number } {
  if (isScaled) return { sumTolerance: Number.POSITIVE_INFINITY };
  return sumTolerance === undefined ? {} : { sumTolerance };
}

function checkedWeight({ names, weight, keys }: WrittenShare, place: (keys: readonly Key[]) => Place): number {
  const value = weightOf(weight);
  if (value >= 0 && value <= Number.MAX_VALUE) return value;
  const message = `invalid share of "${names[0]}": ${JSON.stringify(weight)}, expected a number of at least 0`;
  throw new BimixError('invalid-share', message, {
    hint: 'Shares are fractions of tokens, for example "web: 0.6".',
    where: place(keys),
  });
}

/** What all names begin with, up to a separator: `train_slimpajama_`. */
function sharedPrefix(names: readonly string[]): string {
  const [first, ...others] = names;
  if (others.length === 0) return '';
  let length = 0;
  while (length < first.length && others.every(name => name[length] === first[length])) length++;
  return /^.*[_/:.-]/.exec(first.slice(0, length))?.[0] ?? '';
}

/** Tried after the names as they are: an import drops such a prefix too. */
function withoutPrefix(share: WrittenShare, prefix: string): WrittenShare {
  const shorter = share.names[0].slice(prefix.length);
  return prefix === '' || shorter === '' ? share : { ...share, names: [...share.names, shorter] };
}

function domainOf(
  { names, keys }: WrittenShare,
  domains: readonly string[],
  weight: number,
  mixture: string,
  place: (keys: readonly Key[]) => Place,
): number | undefined {
  for (const name of names) {
    const found = domainCandidates(name, domains);
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      const options = found.map(index => `"${domains[index]}"`).join(' or ');
      throw new BimixError('ambiguous-domain', `ambiguous domain "${name}" in ${mixture}: it may be ${options}`, {
        hint: 'Write the exact name.',
        where: place(keys),
      });
    }
  }
  if (weight === 0) return undefined;
  throw new BimixError('unknown-domain', `unknown domain "${names[0]}" in ${mixture}`, {
    hint: didYouMean(names[0], domains),
    where: place(keys),
  });
}

/**
 * The names of the mixture itself. Paths are distinguished by their last part, or else by the nearest folder that differs
 * between all of them.
 */
function ownNames(written: WrittenMixture, place: (keys: readonly Key[]) => Place, mixture: string): readonly string[] {
  const deepest = Math.max(...written.shares.map(({ names }) => names.length));
  for (let part = 0; part < deepest; part++) {
    const names = written.shares.map(share => share.names[Math.min(part, share.names.length - 1)]);
    if (new Set(names).size === names.length) return names;
  }
  const names = written.shares.map(share => share.names[0]);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  throw namedTwice(names[twice], names[twice], written.shares[twice], mixture, place);
}

function namedTwice(
  domain: string,
  first: string,
  second: WrittenShare,
  mixture: string,
  place: (keys: readonly Key[]) => Place,
): BimixError {
  const both =
    first === second.names[0] ? 'it is listed twice' : `both "${first}" and "${second.names[0]}" stand for it`;
  return new BimixError('ambiguous-domain', `ambiguous domain "${domain}" in ${mixture}: ${both}`, {
    hint: 'Name each domain once.',
    where: place(second.keys),
  });
}
