/** Cross-entropy of a row of logits, in place. */

import { exp4, log } from './elementary';
import { rowMaximum } from './row-maximum';

/**
 * Loss of the target in nats. The logits become the loss's gradient times `scale`, unless `scale` is 0.
 *
 * @param logits 16-byte aligned, with room for a multiple of four
 */
export function crossEntropy(vocabulary: i32, logits: u32, target: i32, scale: f32): f64 {
  const bytes: u32 = vocabulary << 2;
  const padded: u32 = (bytes + 15) & ~15;
  const largest = rowMaximum(logits, bytes, padded);
  const shift = f32x4.splat(largest);
  const chosen = load<f32>(logits + (target << 2));
  let total4 = f32x4.splat(0);
  for (let i: u32 = 0; i < padded; i += 16) {
    const e = exp4(f32x4.sub(v128.load(logits + i), shift));
    total4 = f32x4.add(total4, e);
    v128.store(logits + i, e);
  }
  const total: f32 =
    (f32x4.extract_lane(total4, 0) + f32x4.extract_lane(total4, 1)) +
    (f32x4.extract_lane(total4, 2) + f32x4.extract_lane(total4, 3));
  if (scale != 0) {
    const factor: f32 = scale / total;
    const factor4 = f32x4.splat(factor);
    for (let i: u32 = 0; i < padded; i += 16) v128.store(logits + i, f32x4.mul(v128.load(logits + i), factor4));
    store<f32>(logits + (target << 2), load<f32>(logits + (target << 2)) - scale);
  }
  return log(total as f64) + (largest as f64) - (chosen as f64);
}
