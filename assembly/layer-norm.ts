/** Layer normalization (Ba, Kiros & Hinton 2016) of rows; widths are multiples of four. */

const EPSILON: f32 = 1e-5;

// @ts-ignore: decorator
@inline
function sum4(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** y = (x - mean) rstd gain + bias; `moments` takes mean and rstd of each row. */
export function layerNorm(rows: i32, width: i32, x: u32, gain: u32, bias: u32, y: u32, moments: u32): void {
  const bytes: u32 = width << 2;
  for (let row = 0; row < rows; row++) {
    let total = f32x4.splat(0);
    for (let i: u32 = 0; i < bytes; i += 16) total = f32x4.add(total, v128.load(x + i));
    const mean: f32 = sum4(total) / (width as f32);
    const mean4 = f32x4.splat(mean);
    let squares = f32x4.splat(0);
    for (let i: u32 = 0; i < bytes; i += 16) {
      const centred = f32x4.sub(v128.load(x + i), mean4);
      squares = f32x4.add(squares, f32x4.mul(centred, centred));
    }
    const rstd: f32 = 1 / sqrt<f32>(sum4(squares) / (width as f32) + EPSILON);
    const rstd4 = f32x4.splat(rstd);
    for (let i: u32 = 0; i < bytes; i += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + i), mean4), rstd4);
      v128.store(y + i, f32x4.add(f32x4.mul(normal, v128.load(gain + i)), v128.load(bias + i)));
    }
    store<f32>(moments, mean);
    store<f32>(moments, rstd, 4);
    moments += 8;
    x += bytes;
    y += bytes;
  }
}

/**
 * dx from dy, and sums over rows into the gradients of gain and bias.
 *
 * @param add whether dx is added to or overwritten
 */
export function layerNormBackward(
  rows: i32, width: i32,
  x: u32, moments: u32, gain: u32, dy: u32, dx: u32, add: bool,
  dGain: u32, dBias: u32,
): void {
  const bytes: u32 = width << 2;
  const share: f32 = 1 / (width as f32);
  for (let row = 0; row < rows; row++) {
    const mean4 = v128.load32_splat(moments);
    const rstd4 = v128.load32_splat(moments, 4);
    let sums = f32x4.splat(0);
    let products = sums;
    for (let i: u32 = 0; i < bytes; i += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + i), mean4), rstd4);
      const d = v128.load(dy + i);
      const dNormal = f32x4.mul(d, v128.load(gain + i));
      sums = f32x4.add(sums, dNormal);
      products = f32x4.add(products, f32x4.mul(dNormal, normal));
      v128.store(dGain + i, f32x4.add(v128.load(dGain + i), f32x4.mul(d, normal)));
      v128.store(dBias + i, f32x4.add(v128.load(dBias + i), d));
    }
    const sumMean = f32x4.splat(sum4(sums) * share);
    const productMean = f32x4.splat(sum4(products) * share);
    for (let i: u32 = 0; i < bytes; i += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + i), mean4), rstd4);
      const dNormal = f32x4.mul(v128.load(dy + i), v128.load(gain + i));
      let d = f32x4.mul(rstd4, f32x4.sub(f32x4.sub(dNormal, sumMean), f32x4.mul(normal, productMean)));
      if (add) d = f32x4.add(d, v128.load(dx + i));
      v128.store(dx + i, d);
    }
    moments += 8;
    x += bytes;
    dy += bytes;
    dx += bytes;
  }
}
