/** The options of a fit, shared by the commands that fit. */

import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import type { FitLawOptions } from '../fitting/index.ts';
import { collect, WHERE_HELP } from './selected-runs.ts';

export interface FitOptionTexts {
  readonly where: readonly string[];
  readonly targets?: string | undefined;
  readonly robust?: 'huber' | 'none' | undefined;
  readonly lambda?: string | undefined;
  readonly warmUp: 'auto' | 'off';
}

/** Gives a command the options that `fitSettings` reads; `purpose` says what it does with evaluation domains. */
export function addFitOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
  purpose: 'fit' | 'predict',
): Command<Args, Options & FitOptionTexts> {
  for (const option of fitOptionList(purpose)) command.addOption(option);
  return command as unknown as Command<Args, Options & FitOptionTexts>;
}

function fitOptionList(purpose: 'fit' | 'predict'): Option[] {
  return [
    new Option('--where <condition>', WHERE_HELP).argParser(collect).default([]),
    new Option(
      '--targets <domains>',
      `evaluation domains to ${purpose}, separated by commas (default: those with a training domain)`,
    ),
    new Option('--robust <how>', 'down-weight large residuals (default: as the law prefers)').choices([
      'huber',
      'none',
    ]),
    new Option(
      '--lambda <noise>',
      'noise of a log loss, which sets the weight of the ridge (default: estimated from the runs)',
    ),
    new Option('--warm-up <how>', 'leave warm-up checkpoints out of the fit, but never out of an evaluation')
      .choices(['auto', 'off'])
      .default('auto'),
  ];
}

/** @throws BimixError `invalid-lambda` */
export function fitSettings({ where, targets, robust, lambda, warmUp }: FitOptionTexts): FitLawOptions {
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

/** @throws BimixError `invalid-number` */
export function wholeNumber(option: string, text: string, least = 1): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new BimixError('invalid-number', `invalid ${option} ${text}: expected a whole number from ${least}`);
}
