/** Reduction of the shards' gradients and AdamW, both in chunks of parameters. */

import {
  beta1, beta2, correction1, correction2, decay, decayedFloats, epsilon, firstMoments, gradients, gradientScale, learningRate,
  parameterFloats, parameters, secondMoments, shards, squares,
} from './memory-map';

/** Floats a chunk; the order of sums depends on it. */
export const CHUNK: i32 = 16384;

/** Sums a chunk of the shards' gradients into the first one, in the order of shards, and notes its sum of squares. */
export function reduceChunk(chunk: i32): void {
  const total: u32 = parameterFloats() << 2;
  const start: u32 = (chunk * CHUNK) << 2;
  const end = min<u32>(start + (CHUNK << 2), total);
  const base = gradients();
  const count = shards();
  let low = f64x2.splat(0);
  let high = low;
  for (let at = start; at < end; at += 16) {
    let sum = v128.load(base + at);
    for (let shard = 1; shard < count; shard++) sum = f32x4.add(sum, v128.load(base + shard * total + at));
    v128.store(base + at, sum);
    const first = f64x2.promote_low_f32x4(sum);
    const second = f64x2.promote_low_f32x4(v128.shuffle<f32>(sum, sum, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(second, second));
  }
  const both = f64x2.add(low, high);
  store<f64>(squares() + (chunk << 3), f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1));
}

/** One step of AdamW on a chunk. */
export function updateChunk(chunk: i32): void {
  const start = chunk * CHUNK;
  const end = min(start + CHUNK, parameterFloats());
  const boundary = max(start, min(end, decayedFloats()));
  update(start, boundary, learningRate() * decay());
  update(boundary, end, 0);
}

function update(start: i32, end: i32, shrink: f32): void {
  const scale = f32x4.splat(gradientScale());
  const keep1 = f32x4.splat(beta1());
  const take1 = f32x4.splat(1 - beta1());
  const keep2 = f32x4.splat(beta2());
  const take2 = f32x4.splat(1 - beta2());
  const rate = f32x4.splat(learningRate() * correction1());
  const grow = f32x4.splat(correction2());
  const floor = f32x4.splat(epsilon());
  const keep = f32x4.splat(1 - shrink);
  const p = parameters();
  const m = firstMoments();
  const v = secondMoments();
  const g = gradients();
  const stop: u32 = end << 2;
  for (let at: u32 = start << 2; at < stop; at += 16) {
    const slope = f32x4.mul(v128.load(g + at), scale);
    const first = f32x4.add(f32x4.mul(keep1, v128.load(m + at)), f32x4.mul(take1, slope));
    const second = f32x4.add(f32x4.mul(keep2, v128.load(v + at)), f32x4.mul(take2, f32x4.mul(slope, slope)));
    v128.store(m + at, first);
    v128.store(v + at, second);
    const spread = f32x4.add(f32x4.sqrt(f32x4.mul(second, grow)), floor);
    const change = f32x4.div(f32x4.mul(rate, first), spread);
    v128.store(p + at, f32x4.sub(f32x4.mul(keep, v128.load(p + at)), change));
  }
}
