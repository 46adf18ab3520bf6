/** The law a command works with, and the volume it is asked about. */

import { BimixError } from '../errors/index.ts';
import { readLaw as readLaws } from '../files/index.ts';
import type { FittedLaw, Volume } from '../laws/index.ts';
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import { sameSize } from '../observations/index.ts';
import { countOf, listOf } from './number-text.ts';

export const SIZE_HELP =
  'model size: of the law to use where the file holds several; to predict, where the law knows sizes (default: the largest of its runs)';

/**
 * A law whose coefficients become priors.
 *
 * @throws BimixError `ambiguous-size` when the file holds several
 */
export async function readPrior(path: string): Promise<FittedLaw> {
  const laws = await readLaws(path);
  if (laws.length === 1) return laws[0];
  throw new BimixError('ambiguous-size', `ambiguous prior: the law file has ${sizesOf(laws)}`, {
    where: { file: path },
    hint: "A prior is a fit of one size: select its runs with --where 'size=...' when fitting it.",
  });
}

/**
 * The law in a file, or the one of the given size where the file holds several. A law that knows sizes is asked about the
 * given one, or the largest of its runs.
 *
 * @param size as written, for example `122M`
 */
export async function readLaw(path: string, size: string | undefined): Promise<FittedLaw> {
  const laws = await readLaws(path);
  const largest = laws[0].sizes?.at(-1);
  if (laws.length > 1 || largest === undefined) return selectLaw(laws, path, size);
  return { ...laws[0], size: size === undefined ? largest : parseQuantity(size, 'model size') };
}

function selectLaw(laws: readonly FittedLaw[], path: string, size: string | undefined): FittedLaw {
  if (size !== undefined) {
    const wanted = parseQuantity(size, 'model size');
    const found = laws.find(law => law.size !== undefined && sameSize(law.size, wanted));
    if (found !== undefined) return found;
    throw new BimixError('unknown-size', `unknown model size ${size}: the law file has ${sizesOf(laws)}`, {
      where: { file: path },
      hint: `${laws[0].law} predicts at the size of its runs only. For others, fit runs of several sizes with --law bimix-transfer-size, or a few runs of that size with --prior.`,
    });
  }
  if (laws.length === 1) return laws[0];
  throw new BimixError('ambiguous-size', `ambiguous model size: the law file has ${sizesOf(laws)}`, {
    where: { file: path },
    hint: `Pass --size ${formatQuantity(laws.at(-1)?.size ?? 0)}.`,
  });
}

function sizesOf(laws: readonly FittedLaw[]): string {
  return laws.map(law => (law.size === undefined ? 'one of unknown size' : formatQuantity(law.size))).join(', ');
}

/** @throws BimixError `ambiguous-volume` when both are given */
export function volumeOption(options: { tokens?: string | undefined; steps?: string | undefined }): Volume | undefined {
  const { tokens, steps } = options;
  if (tokens !== undefined && steps !== undefined) {
    throw new BimixError('ambiguous-volume', 'ambiguous data volume: both --tokens and --steps are given', {
      hint: 'Give one.',
    });
  }
  if (tokens !== undefined) return { unit: 'tokens', value: parseQuantity(tokens, 'number of tokens') };
  if (steps !== undefined) return { unit: 'steps', value: parseQuantity(steps, 'number of steps') };
  return undefined;
}

/** `100B tokens`, or `the volume of the runs` for a law without one; with the size asked about, for a law that knows sizes. */
export function describeVolume(fitted: FittedLaw, volume: number): string {
  const at =
    fitted.volume.unit === 'none' ? 'the volume of the runs' : `${formatQuantity(volume)} ${fitted.volume.unit}`;
  const asked = fitted.sizes === undefined ? undefined : fitted.size;
  return asked === undefined ? at : `${at}, ${formatQuantity(asked)} parameters`;
}

/** `bimix-transfer, fitted on 60 runs of 122M parameters`. */
export function describeLaw(fitted: FittedLaw): string {
  const sizes = fitted.sizes ?? (fitted.size === undefined ? [] : [fitted.size]);
  const size = sizes.length === 0 ? '' : ` of ${listOf(sizes.map(formatQuantity))} parameters`;
  return `${fitted.law}, fitted on ${countOf(fitted.covered.runs.length, 'run')}${size}`;
}
