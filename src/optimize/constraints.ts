/**
 * Which mixtures are allowed: a lower and an upper share for each training domain, where each came from, and when no
 * mixture fits, which constraints clash and by how much.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import { formatQuantity, namedValue, type ShareBounds } from '../mixture/index.ts';

/** Smallest and largest share of tokens of one domain, each in [0, 1]; what is left out is 0 and 1. */
export interface ShareRange {
  readonly lower?: number;
  readonly upper?: number;
}

export interface ConstraintOptions {
  /** The smallest share the law can be asked about; 0 unless said. */
  readonly smallestShare?: number;
  /** Name of the law, for errors. */
  readonly law?: string;
  /** By training domain. */
  readonly bounds?: Readonly<Record<string, ShareRange>>;
  /** Tokens there are of each training domain; a domain left out has no limit. */
  readonly tokensAvailable?: Readonly<Record<string, number>>;
  /** How often each available token may be drawn; unlimited unless said. */
  readonly maxEpochs?: number;
  /** Tokens the whole training draws; needed when `maxEpochs` and `tokensAvailable` are both given. */
  readonly tokenBudget?: number;
}

/** Bounds over m training domains, with their causes. */
export interface ShareConstraints extends ShareBounds {
  readonly domains: readonly string[];
  /** m: what made each upper bound; `none` where it is 1. */
  readonly upperFrom: readonly ('none' | 'upper' | 'tokens available')[];
}

/** Less than one, for tables that count in billions. */
const MIN_AVAILABLE = 1e-9;

/**
 * The share bounds that follow from the law, the user's bounds and the tokens available x epochs / budget.
 *
 * @throws BimixError `unknown-domain`, `invalid-bounds` (with the clashing constraints), `invalid-tokens-available`,
 *   `invalid-epochs`, `missing-tokens-available`, `missing-token-budget`
 */
export function makeConstraints(domains: readonly string[], options: ConstraintOptions = {}): ShareConstraints {
  const { bounds = {}, tokensAvailable = {} } = options;
  checkNames(bounds, domains, 'the bounds');
  checkNames(tokensAvailable, domains, 'the available tokens');
  checkEpochs(options);
  const lower = new Float64Array(domains.length);
  const upper = new Float64Array(domains.length);
  const upperFrom = domains.map((domain, j) => {
    const least = lowerLimit(domain, options);
    const most = upperLimit(domain, options);
    if (least.share > most.share) {
      const message = `invalid bounds: no share of "${domain}" is allowed: ${least.why}, ${most.why}`;
      throw new BimixError('invalid-bounds', message, { hint: clashHint(least.from, most.from) });
    }
    lower[j] = least.share;
    upper[j] = most.share;
    return most.from;
  });
  const constraints = { domains, lower, upper, upperFrom };
  checkSums(constraints, options);
  return constraints;
}

function checkNames(named: Readonly<Record<string, unknown>>, domains: readonly string[], what: string): void {
  for (const name of Object.keys(named)) {
    if (!domains.includes(name)) {
      throw new BimixError('unknown-domain', `unknown domain "${name}" in ${what}`, {
        hint: didYouMean(name, domains),
      });
    }
  }
}

function checkEpochs({ tokensAvailable, maxEpochs, tokenBudget }: ConstraintOptions): void {
  if (maxEpochs === undefined) return;
  if (!(maxEpochs > 0 && Number.isFinite(maxEpochs))) {
    throw new BimixError('invalid-epochs', `invalid number of epochs ${maxEpochs}: expected more than 0`);
  }
  if (tokensAvailable === undefined) {
    throw new BimixError('missing-tokens-available', 'missing tokens available: a limit on epochs needs them', {
      hint: 'Say how many tokens there are of each domain, or leave the limit on epochs out.',
    });
  }
  if (tokenBudget === undefined) {
    throw new BimixError('missing-token-budget', 'missing token budget: a limit on epochs needs one', {
      hint: 'Give the budget in tokens, or in steps if the runs say how many tokens a step has; or give upper bounds instead.',
    });
  }
}

interface LowerLimit {
  readonly share: number;
  readonly from: 'law' | 'lower';
  readonly why: string;
}

interface UpperLimit {
  readonly share: number;
  readonly from: ShareConstraints['upperFrom'][number];
  readonly why: string;
}

function lowerLimit(domain: string, options: ConstraintOptions): LowerLimit {
  const { smallestShare = 0, law = 'the law', bounds = {} } = options;
  const share = checkShare(domain, 'lower', namedValue(bounds, domain)?.lower ?? 0);
  return share > smallestShare
    ? { share, from: 'lower', why: `its lower bound is ${share}` }
    : { share: smallestShare, from: 'law', why: `${law} allows no share below ${smallestShare}` };
}

function upperLimit(domain: string, options: ConstraintOptions): UpperLimit {
  const { bounds = {}, tokensAvailable = {}, maxEpochs, tokenBudget = 0 } = options;
  const share = checkShare(domain, 'upper', namedValue(bounds, domain)?.upper ?? 1);
  const available = namedValue(tokensAvailable, domain) ?? Number.POSITIVE_INFINITY;
  if (!(available === 0 || available >= MIN_AVAILABLE)) {
    const message = `invalid tokens available of "${domain}": ${available}, expected a count of tokens`;
    throw new BimixError('invalid-tokens-available', message);
  }
  if (available === 0) return { share: 0, from: 'tokens available', why: 'there are no tokens of it' };
  const drawable = maxEpochs === undefined ? 1 : (available * maxEpochs) / tokenBudget;
  if (drawable < share) {
    const why = `${formatQuantity(available)} tokens x ${maxEpochs} epochs are at most ${readable(drawable)} of ${formatQuantity(tokenBudget)}`;
    return { share: drawable, from: 'tokens available', why };
  }
  return { share, from: share < 1 ? 'upper' : 'none', why: `its upper bound is ${share}` };
}

function checkShare(domain: string, side: 'lower' | 'upper', share: number): number {
  if (share >= 0 && share <= 1) return share;
  const message = `invalid bounds: the ${side} share of "${domain}" is ${share}, expected 0 to 1`;
  throw new BimixError('invalid-bounds', message);
}

function clashHint(lower: LowerLimit['from'], upper: UpperLimit['from']): string {
  if (lower === 'lower') {
    return upper === 'tokens available'
      ? 'Lower its lower bound, allow more epochs, or lower the budget.'
      : 'Move one of its bounds.';
  }
  const law = 'or fit a law that allows a share of 0, such as bimix-transfer.';
  return upper === 'tokens available' ? `Allow more epochs, lower the budget, ${law}` : `Raise its upper bound, ${law}`;
}

function checkSums(constraints: ShareConstraints, options: ConstraintOptions): void {
  const { domains, lower, upper, upperFrom } = constraints;
  const sumLower = lower.reduce((sum, share) => sum + share, 0);
  if (sumLower > 1 + 1e-12) {
    const largest = largestFirst(domains, lower);
    const message = `invalid bounds: the smallest shares allowed sum to ${readable(sumLower)}, ${readable(sumLower - 1)} above 1 (${largest})`;
    throw new BimixError('invalid-bounds', message, { hint: 'Lower some lower bounds.' });
  }
  const sumUpper = upper.reduce((sum, share) => sum + share, 0);
  if (sumUpper >= 1 - 1e-12) return;
  const short = `${readable(1 - sumUpper)} short of 1`;
  if (options.maxEpochs === undefined || !upperFrom.includes('tokens available')) {
    const largest = largestFirst(domains, upper);
    const message = `invalid bounds: the largest shares allowed sum to ${readable(sumUpper)}, ${short} (${largest})`;
    throw new BimixError('invalid-bounds', message, { hint: 'Raise some upper bounds.' });
  }
  const { tokenBudget = 0, maxEpochs = 0 } = options;
  const scarce = domains.filter((_, j) => upperFrom[j] === 'tokens available').length;
  const message =
    `invalid bounds: tokens available x ${maxEpochs} epochs and the largest shares allowed cover ` +
    `${formatQuantity(sumUpper * tokenBudget)} of ${formatQuantity(tokenBudget)} tokens: the shares sum to ` +
    `${readable(sumUpper)}, ${short} (${scarce} of ${domains.length} domains limited by their tokens)`;
  throw new BimixError('invalid-bounds', message, { hint: scarcityHint(constraints, options) });
}

/** Which budget or number of epochs would do, when scarce tokens are what stands in the way. */
function scarcityHint({ domains }: ShareConstraints, options: ConstraintOptions): string {
  const { bounds = {}, tokensAvailable = {}, maxEpochs = 0, tokenBudget = 0 } = options;
  const most = domains.map(domain => namedValue(bounds, domain)?.upper ?? 1);
  const available = domains.map(domain => namedValue(tokensAvailable, domain) ?? Number.POSITIVE_INFINITY);
  /** Largest sum of shares when each available token may be drawn `drawn` times the budget. */
  const covered = (drawn: number): number =>
    most.reduce(
      (sum, share, j) =>
        sum + (available[j] === Number.POSITIVE_INFINITY ? share : Math.min(share, available[j] * drawn)),
      0,
    );
  const kinks = most
    .flatMap((share, j) => (available[j] > 0 && available[j] < Number.POSITIVE_INFINITY ? [share / available[j]] : []))
    .sort((a, b) => a - b);
  const above = kinks.findIndex(kink => covered(kink) >= 1);
  if (above < 0) return 'Raise some upper bounds.';
  // The least `drawn` that will do lies between two kinks, where the sum is linear.
  const left = above === 0 ? 0 : kinks[above - 1];
  const right = kinks[above];
  const drawn = left + ((1 - covered(left)) / (covered(right) - covered(left))) * (right - left);
  const budget = formatQuantity(floorTo4(maxEpochs / drawn));
  const epochs = Number((Math.ceil(drawn * tokenBudget * 100 - 1e-9) / 100).toFixed(2));
  return `Lower the budget to ${budget} tokens, or allow ${epochs} epochs.`;
}

function floorTo4(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 3);
  return Math.floor(value / unit + 1e-9) * unit;
}

function largestFirst(domains: readonly string[], shares: Float64Array): string {
  const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
  const shown = order.slice(0, 5).map(j => `${domains[j]} ${readable(shares[j])}`);
  if (order.length > 5) shown.push(`and ${order.length - 5} more`);
  return shown.join(', ');
}

function readable(share: number): number {
  return Number(share.toPrecision(3));
}
