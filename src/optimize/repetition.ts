/** Repeated tokens in predictions and optima: the options that discount them, checked, and the losses that follow. */

import { BimixError } from '../errors/index.ts';
import {
  type FittedLaw,
  lossesAtVolume,
  lossesUnderRepetition,
  type Repetition,
  type TargetLoss,
  worthAsNew,
} from '../laws/index.ts';
import { namedValue } from '../mixture/index.ts';

export interface RepetitionOptions {
  /** Tokens there are of each training domain; a domain left out has no limit. */
  readonly tokensAvailable?: Readonly<Record<string, number>>;
  /** R* of Muennighoff et al. 2023, positive, usually `REPEAT_DECAY`; repeated tokens count as new ones unless given. */
  readonly repeatDecay?: number;
}

/**
 * @param tokens that the whole training draws; null where not known
 * @returns undefined when repetition is not counted
 * @throws BimixError `invalid-repetition` for a decay that is not positive, `missing-tokens-available`, `missing-token-budget`
 */
export function resolveRepetition(
  domains: readonly string[],
  { tokensAvailable, repeatDecay }: RepetitionOptions,
  tokens: number | null,
): Repetition | undefined {
  if (repeatDecay === undefined) return undefined;
  if (!(repeatDecay > 0 && Number.isFinite(repeatDecay))) {
    throw new BimixError('invalid-repetition', `invalid decay of repeated tokens ${repeatDecay}: expected above 0`, {
      hint: 'Muennighoff et al. 2023 measured about 15.4 repetitions.',
    });
  }
  if (tokensAvailable === undefined) {
    throw new BimixError('missing-tokens-available', 'missing tokens available: counting repetition needs them', {
      hint: 'Say how many tokens there are of each domain.',
    });
  }
  if (tokens === null) {
    throw new BimixError('missing-token-budget', 'missing token budget: counting repetition needs one', {
      hint: 'Give the budget in tokens, or in steps if the runs say how many tokens a step has.',
    });
  }
  const available = Float64Array.from(
    domains,
    domain => namedValue(tokensAvailable, domain) ?? Number.POSITIVE_INFINITY,
  );
  return { tokens, available, decay: repeatDecay };
}

/**
 * Each target's loss as a function of the drawn shares, with repeated tokens at their worth where `repetition` says so.
 *
 * @param volume in the fit's unit
 * @throws BimixError `invalid-law` as `lossesAtVolume` and `lossesUnderRepetition`
 */
export function lossesOfDraw(fitted: FittedLaw, volume: number, repetition: Repetition | undefined): TargetLoss[] {
  return repetition === undefined ? lossesAtVolume(fitted, volume) : lossesUnderRepetition(fitted, volume, repetition);
}

/** How many new tokens the drawn ones are worth, by training domain. */
export function worthByDomain(
  domains: readonly string[],
  shares: ArrayLike<number>,
  { tokens, available, decay }: Repetition,
): Record<string, number> {
  return Object.fromEntries(domains.map((domain, j) => [domain, worthAsNew(shares[j] * tokens, available[j], decay)]));
}

/** Tokens drawn / tokens available by training domain; null where the budget or the tokens there are are not known,
 * or where there are none to draw. */
export function epochsByDomain(
  domains: readonly string[],
  shares: ArrayLike<number>,
  tokens: number | null,
  tokensAvailable: Readonly<Record<string, number>> = {},
): Record<string, number | null> {
  return Object.fromEntries(
    domains.map((domain, j): [string, number | null] => {
      const available = namedValue(tokensAvailable, domain);
      if (tokens === null || available === undefined) return [domain, null];
      const drawn = shares[j] * tokens;
      return [domain, drawn === 0 ? 0 : available === 0 ? null : drawn / available];
    }),
  );
}
