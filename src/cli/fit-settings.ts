/** The options of a fit, shared by the commands that fit. */

import { Option } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import type { FitLawOptions } from '../fitting/index.ts';

export const robustOption = new Option(
  '--robust <how>',
  'weigh large residuals down (default: what the law asks for)',
).choices(['huber', 'none'] as const);

export const warmUpOption = new Option(
  '--warm-up <how>',
  'leave warm-up checkpoints out of the fit, never of an evaluation',
)
  .choices(['auto', 'off'] as const)
  .default('auto' as const);

export const LAMBDA_HELP = 'noise of a log loss that the ridge is weighed against (default: estimated from the runs)';

export interface FitOptionTexts {
  readonly targets?: string | undefined;
  readonly robust?: 'huber' | 'none' | undefined;
  readonly lambda?: string | undefined;
  readonly warmUp: 'auto' | 'off';
  readonly where: readonly string[];
}

/** @throws BimixError `invalid-lambda` */
export function fitSettings({ targets, robust, lambda, warmUp, where }: FitOptionTexts): FitLawOptions {
  const noise = Number(lambda);
  if (lambda !== undefined && !(noise > 0 && Number.isFinite(noise))) {
    throw new BimixError('invalid-lambda', `invalid --lambda ${lambda}: expected a number above 0, for example 0.01`);
  }
  return {
    ...(targets === undefined ? {} : { targets: nameList(targets) }),
    ...(robust === undefined ? {} : { robust: robust === 'huber' }),
    ...(lambda === undefined ? {} : { lambda: noise }),
    warmUp: warmUp === 'auto',
    ...(where.length === 0 ? {} : { where: where.join(' and ') }),
  };
}

/** `a, b` as a list. */
export function nameList(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}

export const SEED_HELP = 'seed of the splits that shuffle';

/** @throws BimixError `invalid-seed` */
export function seedNumber(text: string): number {
  const seed = Number(text);
  if (text.trim() !== '' && Number.isInteger(seed)) return seed;
  throw new BimixError('invalid-seed', `invalid --seed ${text}: expected a whole number`);
}

/** @throws BimixError `invalid-number` */
export function positiveNumber(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new BimixError('invalid-number', `invalid ${option} ${text}: expected a number above 0`);
}
