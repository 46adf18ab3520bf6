/** The law a command works with, and the volume it is asked about. */

import { BimixError } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';
import { type FittedLaw, parseLaws, type Volume } from '../laws/index.ts';
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import { sameSize } from '../observations/index.ts';

export const SIZE_HELP = 'model size, when the law file holds several';

/**
 * The law in a file, or the one of the given size where the file holds several.
 *
 * @param size as written, for example `122M`
 */
export async function readLaw(path: string, size: string | undefined): Promise<FittedLaw> {
  const file = await readInputFile(path);
  const laws = parseLaws(file.text(), path);
  if (size !== undefined) {
    const wanted = parseQuantity(size, 'model size');
    const found = laws.find(law => law.size !== undefined && sameSize(law.size, wanted));
    if (found !== undefined) return found;
    throw new BimixError('unknown-size', `unknown model size ${size}: the law file has ${sizesOf(laws)}`, {
      where: { file: path },
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

/** `100B tokens`, or `the volume of the runs` for a law without one. */
export function describeVolume(fitted: FittedLaw, volume: number): string {
  return fitted.volume.unit === 'none' ? 'the volume of the runs' : `${formatQuantity(volume)} ${fitted.volume.unit}`;
}

/** `bimix-transfer, fitted on 60 runs of 122M parameters`. */
export function describeLaw(fitted: FittedLaw): string {
  const size = fitted.size === undefined ? '' : ` of ${formatQuantity(fitted.size)} parameters`;
  return `${fitted.law}, fitted on ${fitted.covered.runs.length} runs${size}`;
}
