/** Models and settings that proxy runs start from. */

import type { ModelShape } from '../engine/index.ts';
import { BimixError, didYouMean } from '../errors/index.ts';
import type { ProxyRun } from './proxy-run.ts';

/** What a run needs beside its mixture, tokens, seed and text. */
export type TrainingSettings = Pick<ProxyRun, 'model' | 'optimizer' | 'learningRate' | 'sequences'>;

interface Size {
  readonly shape: Omit<ModelShape, 'vocabulary'>;
  /** Best of a few on 0.1 to 0.3 M tokens, but for the largest, which is not tuned. */
  readonly peak: number;
}

const SIZES: Readonly<Record<string, Size>> = {
  '0.06M': { shape: { context: 128, width: 32, layers: 4, heads: 2 }, peak: 2e-3 },
  '0.2M': { shape: { context: 128, width: 64, layers: 4, heads: 4 }, peak: 1e-3 },
  '1M': { shape: { context: 128, width: 128, layers: 5, heads: 4 }, peak: 1e-3 },
  '5M': { shape: { context: 256, width: 256, layers: 6, heads: 8 }, peak: 5e-4 },
};

/** Names of the models, by their parameters over bytes, smallest first. */
export const MODEL_SIZES: readonly string[] = Object.keys(SIZES);

/**
 * Settings for a size of model: AdamW (0.9, 0.95, decay 0.1, clip 1), 8 sequences a step, since runs this short want steps, the rate
 * warmed up over 5 % of them and constant after: checkpoints along one run then compare with the ends of shorter ones, which a
 * decaying rate forbids.
 *
 * @param size of `MODEL_SIZES`
 * @param vocabulary ids of the tokenizer; default bytes
 * @throws BimixError `unknown-size`
 */
export function defaultTraining(size: string, vocabulary = 256): TrainingSettings {
  if (!Object.hasOwn(SIZES, size)) {
    throw new BimixError('unknown-size', `unknown size of model "${size}"`, { hint: didYouMean(size, MODEL_SIZES) });
  }
  const { shape, peak } = SIZES[size];
  return {
    model: { vocabulary, ...shape },
    optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 },
    learningRate: { peak, warmup: 0.05, schedule: 'constant', final: 1 },
    sequences: 8,
  };
}

/**
 * Where to take validation losses along a run.
 *
 * @param points wanted; default 8
 * @param spacing `geometric` from a sixth of the tokens on, for laws in the volume of data: before it, short runs leave
 *   their warm-up behind and no power law holds; `regular` in equal parts
 * @returns ascending whole tokens, the last of which is `tokens`; fewer where points would fall together
 */
export function evaluationGrid(
  tokens: number,
  points = 8,
  spacing: 'geometric' | 'regular' = 'geometric',
): readonly number[] {
  const at = Array.from({ length: points }, (_, i) => {
    const left = points - 1 - i;
    if (left === 0) return tokens;
    return Math.round(spacing === 'regular' ? (tokens * (i + 1)) / points : tokens / 6 ** (left / (points - 1)));
  });
  return [...new Set(at)].filter(count => count > 0);
}
