/** Learning rates of a run's steps, to the same bit everywhere. */

import type { LearningRate } from './proxy-run.ts';

/**
 * The rate of each step, from 0: rising in equal parts to the peak over the first `warmup` of the steps, then the peak, or falling
 * to `final` of it at the last step, on a line or on half a cosine wave (Loshchilov & Hutter 2017, arXiv 1608.03983, Eq. 5).
 */
export function learningRates(settings: LearningRate, steps: number): Float64Array {
  const { peak, warmup, schedule, final } = settings;
  const rising = Math.ceil(warmup * steps);
  const falling = steps - rising;
  return Float64Array.from({ length: steps }, (_, step) => {
    if (step < rising) return (peak * (step + 1)) / rising;
    if (schedule === 'constant') return peak;
    const done = (step + 1 - rising) / falling;
    const left = schedule === 'linear' ? 1 - done : halfCosine(done);
    return peak * (final + (1 - final) * left);
  });
}

const TERMS = 12;

/**
 * (1 + cos(pi x)) / 2 = cos(pi x / 2)^2 for x in [0, 1], by the Taylor series, within 1e-15: the language leaves the last bits of
 * `Math.cos` and of powers to each engine.
 */
export function halfCosine(x: number): number {
  const angle = x * Math.PI * 0.5;
  const square = angle * angle;
  let cosine = 1;
  for (let n = TERMS; n > 0; n--) cosine = 1 - (cosine * square) / (2 * n * (2 * n - 1));
  return cosine * cosine;
}
