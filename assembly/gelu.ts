/** GELU (Hendrycks & Gimpel 2016) by its tanh form: x s with s = 1 / (1 + exp(-2 sqrt(2 / pi) (x + 0.044715 x^3))). */

import { exp4 } from './elementary';

const LINEAR: f32 = -1.5957691216057308;
const CUBIC: f32 = -0.07135481627159853;

/** y = gelu(x), and x is overwritten with gelu'(x), which is all that the way back needs. `count` is a multiple of four. */
export function gelu(count: i32, x: u32, y: u32): void {
  const end = x + (count << 2);
  const one = f32x4.splat(1);
  while (x < end) {
    const v = v128.load(x);
    const v2 = f32x4.mul(v, v);
    const exponent = f32x4.mul(v, f32x4.add(f32x4.splat(LINEAR), f32x4.mul(f32x4.splat(CUBIC), v2)));
    const s = f32x4.div(one, f32x4.add(one, exp4(exponent)));
    const result = f32x4.mul(v, s);
    // d(-exponent)/dv times v s (1 - s).
    const slope = f32x4.sub(f32x4.splat(-LINEAR), f32x4.mul(f32x4.splat(3 * CUBIC), v2));
    v128.store(y, result);
    v128.store(x, f32x4.add(s, f32x4.mul(f32x4.mul(result, f32x4.sub(one, s)), slope)));
    x += 16;
    y += 16;
  }
}

/** d *= slope. `count` is a multiple of four. */
export function multiplyBy(count: i32, d: u32, slope: u32): void {
  const end = d + (count << 2);
  while (d < end) {
    v128.store(d, f32x4.mul(v128.load(d), v128.load(slope)));
    d += 16;
    slope += 16;
  }
}
