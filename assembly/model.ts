/** Forward and backward pass of a group of sequences. */

import { attention, attentionBackward, weightStride } from './attention';
import { crossEntropy } from './cross-entropy';
import { gelu, multiplyBy } from './gelu';
import { layerNorm, layerNormBackward } from './layer-norm';
import { multiply } from './matrix-multiply';
import { context, heads, inputs, layers, losses, parameters, targets, tensors, vocabulary, width } from './memory-map';
import {
  activatedUnits, attentionMoments, attentionNorm, attentionWeights, dNarrow, dScores, dStream, dWide, headMoments, hiddenUnits,
  logitRows, logits, logitStride, mixedValues, mlpMoments, mlpNorm, panels, queriesKeysValues, streamBefore, streamWithin,
} from './workspace';

// Tensors in the order of the table (src/engine/tensors.ts): these two, twelve a layer, the last norm's two.
const TOKENS: i32 = 0;
const POSITIONS: i32 = 1;
const FIRST_LAYER: i32 = 2;
const PER_LAYER: i32 = 12;
const QKV: i32 = 0;
const OUT: i32 = 1;
const UP: i32 = 2;
const DOWN: i32 = 3;
const GAIN1: i32 = 4;
const BIAS1: i32 = 5;
const QKV_BIAS: i32 = 6;
const OUT_BIAS: i32 = 7;
const GAIN2: i32 = 8;
const BIAS2: i32 = 9;
const UP_BIAS: i32 = 10;
const DOWN_BIAS: i32 = 11;

// @ts-ignore: decorator
@inline
function tensor(base: u32, index: i32): u32 {
  return base + (load<u32>(tensors() + (index << 2)) << 2);
}

// @ts-ignore: decorator
@inline
function layerTensor(base: u32, layer: i32, which: i32): u32 {
  return tensor(base, FIRST_LAYER + PER_LAYER * layer + which);
}

// @ts-ignore: decorator
@inline
function lastGain(base: u32): u32 {
  return tensor(base, FIRST_LAYER + PER_LAYER * layers());
}

// @ts-ignore: decorator
@inline
function lastBias(base: u32): u32 {
  return tensor(base, FIRST_LAYER + PER_LAYER * layers() + 1);
}

/**
 * Losses of `count` sequences from the `first` on.
 *
 * @param gradient where the gradient is added to; 0 for the losses alone
 * @param scale of the gradient: 1 / targets of the batch
 */
export function runGroup(first: i32, count: i32, gradient: u32, scale: f32): void {
  const rows = count * context();
  embed(first, rows);
  for (let layer = 0; layer < layers(); layer++) forwardLayer(layer, count);
  const stream = streamBefore(layers());
  const p = parameters();
  layerNorm(rows, width(), stream, lastGain(p), lastBias(p), attentionNorm(layers()), headMoments());
  head(first, count, gradient, scale);
  if (gradient == 0) return;
  layerNormBackward(
    rows, width(), stream, headMoments(), lastGain(p), dNarrow(), dStream(), false, lastGain(gradient), lastBias(gradient),
  );
  for (let layer = layers() - 1; layer >= 0; layer--) backwardLayer(layer, count, gradient);
  embedBackward(first, rows, gradient);
}

function embed(first: i32, rows: i32): void {
  const bytes: u32 = width() << 2;
  const tokens = tensor(parameters(), TOKENS);
  const positions = tensor(parameters(), POSITIONS);
  const ids = inputs() + ((first * context()) << 1);
  let x = streamBefore(0);
  for (let row = 0; row < rows; row++) {
    const token = tokens + (load<u16>(ids + (row << 1)) as u32) * bytes;
    const position = positions + ((row % context()) as u32) * bytes;
    for (let i: u32 = 0; i < bytes; i += 16) {
      v128.store(x + i, f32x4.add(v128.load(token + i), v128.load(position + i)));
    }
    x += bytes;
  }
}

function embedBackward(first: i32, rows: i32, gradient: u32): void {
  const bytes: u32 = width() << 2;
  const tokens = tensor(gradient, TOKENS);
  const positions = tensor(gradient, POSITIONS);
  const ids = inputs() + ((first * context()) << 1);
  let d = dStream();
  for (let row = 0; row < rows; row++) {
    addRow(tokens + (load<u16>(ids + (row << 1)) as u32) * bytes, d, bytes);
    addRow(positions + ((row % context()) as u32) * bytes, d, bytes);
    d += bytes;
  }
}

// @ts-ignore: decorator
@inline
function addRow(to: u32, from: u32, bytes: u32): void {
  for (let i: u32 = 0; i < bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
}

function forwardLayer(layer: i32, count: i32): void {
  const w = width();
  const rows = count * context();
  const p = parameters();
  const x = streamBefore(layer);
  const normal1 = attentionNorm(layer);
  layerNorm(rows, w, x, layerTensor(p, layer, GAIN1), layerTensor(p, layer, BIAS1), normal1, attentionMoments(layer));
  const qkv = queriesKeysValues(layer);
  multiply(
    rows, 3 * w, w, normal1, w, 1, layerTensor(p, layer, QKV), 3 * w, 1, qkv, 3 * w, false, layerTensor(p, layer, QKV_BIAS),
  );
  const mixed = mixedValues(layer);
  for (let s = 0; s < count; s++) {
    const row: u32 = s * context();
    const weights = attentionWeights(layer) + ((s * heads() * context() * weightStride(context())) << 2);
    attention(context(), w, heads(), qkv + ((row * 3 * w) << 2), weights, mixed + ((row * w) << 2), panels());
  }
  const middle = streamWithin(layer);
  memory.copy(middle, x, (rows * w) << 2);
  multiply(rows, w, w, mixed, w, 1, layerTensor(p, layer, OUT), w, 1, middle, w, true, layerTensor(p, layer, OUT_BIAS));
  const normal2 = mlpNorm(layer);
  layerNorm(rows, w, middle, layerTensor(p, layer, GAIN2), layerTensor(p, layer, BIAS2), normal2, mlpMoments(layer));
  const hidden = hiddenUnits(layer);
  multiply(
    rows, 4 * w, w, normal2, w, 1, layerTensor(p, layer, UP), 4 * w, 1, hidden, 4 * w, false, layerTensor(p, layer, UP_BIAS),
  );
  const activated = activatedUnits(layer);
  gelu(rows * 4 * w, hidden, activated);
  const next = streamBefore(layer + 1);
  memory.copy(next, middle, (rows * w) << 2);
  multiply(
    rows, w, 4 * w, activated, 4 * w, 1, layerTensor(p, layer, DOWN), w, 1, next, w, true, layerTensor(p, layer, DOWN_BIAS),
  );
}

/** Logits, losses and, in `dNarrow`, the gradient of the last norm's output, a few rows of logits at a time. */
function head(first: i32, count: i32, gradient: u32, scale: f32): void {
  const w = width();
  const rows = count * context();
  const stride = logitStride();
  const tokens = tensor(parameters(), TOKENS);
  const ids = targets() + ((first * context()) << 1);
  for (let s = 0; s < count; s++) store<f64>(losses() + ((first + s) << 3), 0);
  for (let row = 0; row < rows; row += logitRows()) {
    const part = min(logitRows(), rows - row);
    const normal = attentionNorm(layers()) + ((row * w) << 2);
    multiply(part, vocabulary(), w, normal, w, 1, tokens, 1, w, logits(), stride, false, 0);
    for (let r = 0; r < part; r++) {
      const loss = crossEntropy(
        vocabulary(), logits() + ((r * stride) << 2), load<u16>(ids + ((row + r) << 1)) as i32, gradient == 0 ? 0 : scale,
      );
      const sum = losses() + ((first + (row + r) / context()) << 3);
      store<f64>(sum, load<f64>(sum) + loss);
    }
    if (gradient == 0) continue;
    const d = dNarrow() + ((row * w) << 2);
    multiply(part, w, vocabulary(), logits(), stride, 1, tokens, w, 1, d, w, false, 0);
    multiply(vocabulary(), w, part, logits(), 1, stride, normal, w, 1, tensor(gradient, TOKENS), w, true, 0);
  }
}

/** `dStream` holds the gradient of the stream after the layer, and then of the one before it. */
function backwardLayer(layer: i32, count: i32, g: u32): void {
  const w = width();
  const rows = count * context();
  const p = parameters();
  const d = dStream();
  const wide = dWide();
  const narrow = dNarrow();

  backwardLinear(
    rows, 4 * w, w, activatedUnits(layer), layerTensor(p, layer, DOWN), d, wide,
    layerTensor(g, layer, DOWN), layerTensor(g, layer, DOWN_BIAS),
  );
  multiplyBy(rows * 4 * w, wide, hiddenUnits(layer));
  backwardLinear(
    rows, w, 4 * w, mlpNorm(layer), layerTensor(p, layer, UP), wide, narrow,
    layerTensor(g, layer, UP), layerTensor(g, layer, UP_BIAS),
  );
  layerNormBackward(
    rows, w, streamWithin(layer), mlpMoments(layer), layerTensor(p, layer, GAIN2), narrow, d, true,
    layerTensor(g, layer, GAIN2), layerTensor(g, layer, BIAS2),
  );

  backwardLinear(
    rows, w, w, mixedValues(layer), layerTensor(p, layer, OUT), d, narrow,
    layerTensor(g, layer, OUT), layerTensor(g, layer, OUT_BIAS),
  );
  for (let s = 0; s < count; s++) {
    const row: u32 = s * context();
    const weights = attentionWeights(layer) + ((s * heads() * context() * weightStride(context())) << 2);
    attentionBackward(
      context(), w, heads(), queriesKeysValues(layer) + ((row * 3 * w) << 2), weights, narrow + ((row * w) << 2),
      wide + ((row * 3 * w) << 2), dScores(), panels(),
    );
  }
  backwardLinear(
    rows, w, 3 * w, attentionNorm(layer), layerTensor(p, layer, QKV), wide, narrow,
    layerTensor(g, layer, QKV), layerTensor(g, layer, QKV_BIAS),
  );
  layerNormBackward(
    rows, w, streamBefore(layer), attentionMoments(layer), layerTensor(p, layer, GAIN1), narrow, d, true,
    layerTensor(g, layer, GAIN1), layerTensor(g, layer, BIAS1),
  );
}

/** Of y = x W + b: dx is overwritten; dW and db are added to. */
function backwardLinear(rows: i32, from: i32, to: i32, x: u32, w: u32, dy: u32, dx: u32, dw: u32, db: u32): void {
  multiply(rows, from, to, dy, to, 1, w, 1, to, dx, from, false, 0);
  multiply(from, to, rows, x, 1, from, dy, to, 1, dw, to, true, 0);
  const bytes: u32 = to << 2;
  for (let row = 0; row < rows; row++) addRow(db, dy + row * bytes, bytes);
}
