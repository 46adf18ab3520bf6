/** Causal multi-head attention (Vaswani et al. 2017) of one sequence, head after head, in blocks of rows. */

import { exp4 } from './elementary';
import { multiply, multiplyPacked, packColumns } from './matrix-multiply';
import { rowMaximum } from './row-maximum';

/** A block of rows needs the columns up to its end only. */
const BLOCK: i32 = 32;

/** Rows of attention weights are padded to a multiple of four. */
// @ts-ignore: decorator
@inline
export function weightStride(context: i32): i32 {
  return (context + 3) & ~3;
}

/** Floats of `panels`: a head's keys and values, packed. */
export function panelFloats(context: i32, width: i32, heads: i32): i32 {
  const size = width / heads;
  return onePanel(context, size) * 2;
}

function onePanel(context: i32, size: i32): i32 {
  return ((context + 7) & ~7) * ((size + 7) & ~7);
}

/**
 * @param qkv rows of queries, keys and values, `3 width` floats each
 * @param weights `heads x context x weightStride(context)`, kept for the way back
 * @param out `context x width`
 * @param panels scratch
 */
export function attention(
  context: i32, width: i32, heads: i32,
  qkv: u32, weights: u32, out: u32, panels: u32,
): void {
  const size = width / heads;
  const stride = weightStride(context);
  const row = 3 * width;
  const scale: f32 = 1 / sqrt<f32>(size as f32);
  const values = panels + (onePanel(context, size) << 2);
  for (let head = 0; head < heads; head++) {
    const q = qkv + ((head * size) << 2);
    packColumns(q + (width << 2), size, context, 1, row, panels);
    packColumns(q + (width << 3), context, size, row, 1, values);
    const o = out + ((head * size) << 2);
    for (let i = 0; i < context; i += BLOCK) {
      const rows = min(BLOCK, context - i);
      const columns = i + rows;
      const block = weights + ((i * stride) << 2);
      multiplyPacked(rows, columns, size, q + ((i * row) << 2), row, 1, panels, size, block, stride);
      for (let r = 0; r < rows; r++) softmax(block + ((r * stride) << 2), i + r + 1, columns, scale);
      multiplyPacked(rows, size, columns, block, stride, 1, values, context, o + ((i * width) << 2), width);
    }
    weights += (context * stride) << 2;
  }
}

/** Softmax of the first `visible` of a row's scores times `scale`; the rest up to `columns` become 0. */
function softmax(row: u32, visible: i32, columns: i32, scale: f32): void {
  const used: u32 = visible << 2;
  const padded: u32 = (used + 15) & ~15;
  const largest = rowMaximum(row, used, padded);
  const shift = f32x4.splat(largest);
  const scale4 = f32x4.splat(scale);
  let total4 = f32x4.splat(0);
  for (let i: u32 = 0; i < padded; i += 16) {
    const e = exp4(f32x4.mul(f32x4.sub(v128.load(row + i), shift), scale4));
    total4 = f32x4.add(total4, e);
    v128.store(row + i, e);
  }
  const total: f32 =
    (f32x4.extract_lane(total4, 0) + f32x4.extract_lane(total4, 1)) +
    (f32x4.extract_lane(total4, 2) + f32x4.extract_lane(total4, 3));
  const factor = f32x4.splat(1 / total);
  for (let i: u32 = 0; i < padded; i += 16) v128.store(row + i, f32x4.mul(v128.load(row + i), factor));
  const end: u32 = ((columns + 3) & ~3) << 2;
  for (let i = padded; i < end; i += 16) v128.store(row + i, f32x4.splat(0));
}

/**
 * @param dOut `context x width`
 * @param dQkv rows like `qkv`, overwritten
 * @param scratch `BLOCK x weightStride(context)` floats
 * @param panels scratch
 */
export function attentionBackward(
  context: i32, width: i32, heads: i32,
  qkv: u32, weights: u32, dOut: u32, dQkv: u32, scratch: u32, panels: u32,
): void {
  const size = width / heads;
  const stride = weightStride(context);
  const row = 3 * width;
  const scale: f32 = 1 / sqrt<f32>(size as f32);
  const keys: u32 = width << 2;
  const values = panels + (onePanel(context, size) << 2);
  const last = ((context - 1) / BLOCK) * BLOCK;
  for (let head = 0; head < heads; head++) {
    const q = qkv + ((head * size) << 2);
    const dq = dQkv + ((head * size) << 2);
    const dO = dOut + ((head * size) << 2);
    packColumns(q + keys, context, size, row, 1, panels);
    packColumns(q + 2 * keys, size, context, 1, row, values);
    // From the last block on, since that one reaches every key and value and so can overwrite their gradients.
    for (let i = last; i >= 0; i -= BLOCK) {
      const rows = min(BLOCK, context - i);
      const columns = i + rows;
      const block = weights + ((i * stride) << 2);
      const here: u32 = (i * row) << 2;
      const dHere = dO + ((i * width) << 2);
      const add = i != last;
      multiply(columns, size, rows, block, 1, stride, dHere, width, 1, dq + 2 * keys, row, add, 0);
      multiplyPacked(rows, columns, size, dHere, width, 1, values, size, scratch, stride);
      for (let r = 0; r < rows; r++) {
        softmaxBackward(scratch + ((r * stride) << 2), block + ((r * stride) << 2), columns, scale);
      }
      multiplyPacked(rows, size, columns, scratch, stride, 1, panels, context, dq + here, row);
      multiply(columns, size, rows, scratch, 1, stride, q + here, row, 1, dq + keys, row, add, 0);
    }
    weights += (context * stride) << 2;
  }
}

/** d of the scores in place of d of the weights. */
function softmaxBackward(d: u32, weights: u32, columns: i32, scale: f32): void {
  const used: u32 = columns << 2;
  const padded: u32 = (used + 15) & ~15;
  for (let i = used; i < padded; i += 4) store<f32>(d + i, 0);
  let total4 = f32x4.splat(0);
  for (let i: u32 = 0; i < padded; i += 16) {
    total4 = f32x4.add(total4, f32x4.mul(v128.load(d + i), v128.load(weights + i)));
  }
  const total = f32x4.splat(
    (f32x4.extract_lane(total4, 0) + f32x4.extract_lane(total4, 1)) +
      (f32x4.extract_lane(total4, 2) + f32x4.extract_lane(total4, 3)),
  );
  const scale4 = f32x4.splat(scale);
  for (let i: u32 = 0; i < padded; i += 16) {
    const slope = f32x4.mul(v128.load(weights + i), f32x4.sub(v128.load(d + i), total));
    v128.store(d + i, f32x4.mul(slope, scale4));
  }
}
