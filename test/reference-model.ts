/**
 * The engine's model in float64 and plain loops: an oracle for tests. Forward and backward pass of one sequence at a time, the
 * batch's mean loss, and AdamW, each written from its formula and not from the kernels.
 */

import type { ModelShape, Optimizer, TokenBatch } from '../src/engine/index.ts';
import { layTensors } from '../src/engine/tensors.ts';

/** By the names of src/engine/tensors.ts. */
export type Parameters = Map<string, Float64Array>;

interface LayerTrace {
  readonly before: Float64Array;
  readonly normal1: Float64Array;
  readonly qkv: Float64Array;
  /** `heads x context x context`. */
  readonly weights: Float64Array;
  readonly mixed: Float64Array;
  readonly within: Float64Array;
  readonly normal2: Float64Array;
  readonly hidden: Float64Array;
  readonly activated: Float64Array;
}

const EPSILON = 1e-5;

export function readParameters(shape: ModelShape, floats: ArrayLike<number>): Parameters {
  const { tensors } = layTensors(shape);
  return new Map(
    tensors.map(({ name, rows, columns, offset }) => [
      name,
      Float64Array.from({ length: rows * columns }, (_, i) => floats[offset + i]),
    ]),
  );
}

export function zeros(parameters: Parameters): Parameters {
  return new Map([...parameters].map(([name, values]) => [name, new Float64Array(values.length)]));
}

/** Mean loss of the batch in nats per token; its gradient is added to `gradient` when there is one. */
export function referenceLoss(
  shape: ModelShape,
  parameters: Parameters,
  batch: TokenBatch,
  gradient?: Parameters,
): number {
  let total = 0;
  for (let s = 0; s < batch.sequences; s++) {
    const from = s * shape.context;
    const inputs = batch.inputs.subarray(from, from + shape.context);
    const targets = batch.targets.subarray(from, from + shape.context);
    total += sequenceLoss(shape, parameters, inputs, targets, batch.inputs.length, gradient);
  }
  return total / batch.inputs.length;
}

/** One step of AdamW (arXiv 1711.05101, Algorithm 2); `gradient` is the batch's, `step` counts from 1. */
export function referenceUpdate(
  shape: ModelShape,
  { beta1, beta2, epsilon, weightDecay, clip }: Optimizer,
  state: { readonly parameters: Parameters; readonly first: Parameters; readonly second: Parameters },
  gradient: Parameters,
  step: number,
  learningRate: number,
): void {
  const norm = Math.sqrt([...gradient.values()].reduce((sum, values) => sum + dot(values, values), 0));
  const scale = Math.min(1, clip / norm);
  for (const { name, columns } of layTensors(shape).tensors) {
    const p = state.parameters.get(name) as Float64Array;
    const m = state.first.get(name) as Float64Array;
    const v = state.second.get(name) as Float64Array;
    const decayed = columns > 1 && name !== 'positions';
    (gradient.get(name) as Float64Array).forEach((raw, i) => {
      const g = raw * scale;
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const direction = m[i] / (1 - beta1 ** step) / (Math.sqrt(v[i] / (1 - beta2 ** step)) + epsilon);
      p[i] -= learningRate * (direction + (decayed ? weightDecay * p[i] : 0));
    });
  }
}

function sequenceLoss(
  shape: ModelShape,
  parameters: Parameters,
  inputs: Uint16Array,
  targets: Uint16Array,
  batchTokens: number,
  gradient: Parameters | undefined,
): number {
  const { vocabulary, context, width, layers } = shape;
  const p = (name: string) => parameters.get(name) as Float64Array;
  let x = new Float64Array(context * width);
  for (let t = 0; t < context; t++) {
    for (let i = 0; i < width; i++) {
      x[t * width + i] = p('tokens')[inputs[t] * width + i] + p('positions')[t * width + i];
    }
  }
  const traces: LayerTrace[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const trace = forwardLayer(shape, name => p(`${layer}.${name}`), x);
    traces.push(trace);
    x = linear(trace.activated, p(`${layer}.down`), p(`${layer}.downBias`), 4 * width, width);
    add(x, trace.within);
  }
  const normal = layerNorm(x, p('gain'), p('bias'));
  let total = 0;
  const dNormal = new Float64Array(context * width);
  for (let t = 0; t < context; t++) {
    const row = normal.subarray(t * width, (t + 1) * width);
    const logits = Float64Array.from({ length: vocabulary }, (_, id) => dot(row, rowOf(p('tokens'), id, width)));
    const largest = Math.max(...logits);
    const exps = logits.map(value => Math.exp(value - largest));
    const sum = exps.reduce((a, b) => a + b, 0);
    total += Math.log(sum) + largest - logits[targets[t]];
    if (gradient === undefined) continue;
    for (let id = 0; id < vocabulary; id++) {
      const d = (exps[id] / sum - (id === targets[t] ? 1 : 0)) / batchTokens;
      addScaled(dNormal.subarray(t * width, (t + 1) * width), rowOf(p('tokens'), id, width), d);
      addScaled(rowOf(gradient.get('tokens') as Float64Array, id, width), row, d);
    }
  }
  if (gradient === undefined) return total;
  const g = (name: string) => gradient.get(name) as Float64Array;
  let dx: Float64Array = layerNormBackward(x, p('gain'), dNormal, g('gain'), g('bias'));
  for (let layer = layers - 1; layer >= 0; layer--) {
    dx = backwardLayer(
      shape,
      name => p(`${layer}.${name}`),
      name => g(`${layer}.${name}`),
      traces[layer],
      dx,
    );
  }
  for (let t = 0; t < context; t++) {
    const d = dx.subarray(t * width, (t + 1) * width);
    addScaled(rowOf(g('tokens'), inputs[t], width), d, 1);
    addScaled(rowOf(g('positions'), t, width), d, 1);
  }
  return total;
}

type Named = (name: string) => Float64Array;

function forwardLayer(shape: ModelShape, p: Named, before: Float64Array): LayerTrace {
  const { context, width, heads } = shape;
  const size = width / heads;
  const normal1 = layerNorm(before, p('gain1'), p('bias1'));
  const qkv = linear(normal1, p('qkv'), p('qkvBias'), width, 3 * width);
  const weights = new Float64Array(heads * context * context);
  const mixed = new Float64Array(context * width);
  for (let head = 0; head < heads; head++) {
    for (let t = 0; t < context; t++) {
      const row = weights.subarray((head * context + t) * context, (head * context + t + 1) * context);
      const query = part(qkv, t, 3 * width, head * size, size);
      for (let s = 0; s <= t; s++) {
        row[s] = dot(query, part(qkv, s, 3 * width, width + head * size, size)) / Math.sqrt(size);
      }
      const visible = row.subarray(0, t + 1);
      const largest = Math.max(...visible);
      visible.forEach((score, s) => {
        visible[s] = Math.exp(score - largest);
      });
      const sum = visible.reduce((a, b) => a + b, 0);
      for (let s = 0; s <= t; s++) {
        row[s] /= sum;
        addScaled(
          part(mixed, t, width, head * size, size),
          part(qkv, s, 3 * width, 2 * width + head * size, size),
          row[s],
        );
      }
    }
  }
  const within = linear(mixed, p('out'), p('outBias'), width, width);
  add(within, before);
  const normal2 = layerNorm(within, p('gain2'), p('bias2'));
  const hidden = linear(normal2, p('up'), p('upBias'), width, 4 * width);
  return { before, normal1, qkv, weights, mixed, within, normal2, hidden, activated: hidden.map(gelu) };
}

function backwardLayer(shape: ModelShape, p: Named, g: Named, trace: LayerTrace, dAfter: Float64Array): Float64Array {
  const { context, width, heads } = shape;
  const size = width / heads;
  const dActivated = linearBackward(trace.activated, p('down'), dAfter, g('down'), g('downBias'));
  const dHidden = dActivated.map((d, i) => d * geluSlope(trace.hidden[i]));
  const dNormal2 = linearBackward(trace.normal2, p('up'), dHidden, g('up'), g('upBias'));
  const dWithin = layerNormBackward(trace.within, p('gain2'), dNormal2, g('gain2'), g('bias2'));
  add(dWithin, dAfter);
  const dMixed = linearBackward(trace.mixed, p('out'), dWithin, g('out'), g('outBias'));
  const dQkv = new Float64Array(context * 3 * width);
  for (let head = 0; head < heads; head++) {
    const at = head * size;
    for (let t = 0; t < context; t++) {
      const row = trace.weights.subarray((head * context + t) * context, (head * context + t) * context + t + 1);
      const d = part(dMixed, t, width, at, size);
      const dRow = row.map((_, s) => dot(d, part(trace.qkv, s, 3 * width, 2 * width + at, size)));
      const inner = dot(row, dRow);
      row.forEach((weight, s) => {
        addScaled(part(dQkv, s, 3 * width, 2 * width + at, size), d, weight);
        const dScore = (weight * (dRow[s] - inner)) / Math.sqrt(size);
        addScaled(part(dQkv, t, 3 * width, at, size), part(trace.qkv, s, 3 * width, width + at, size), dScore);
        addScaled(part(dQkv, s, 3 * width, width + at, size), part(trace.qkv, t, 3 * width, at, size), dScore);
      });
    }
  }
  const dNormal1 = linearBackward(trace.normal1, p('qkv'), dQkv, g('qkv'), g('qkvBias'));
  const dBefore = layerNormBackward(trace.before, p('gain1'), dNormal1, g('gain1'), g('bias1'));
  add(dBefore, dWithin);
  return dBefore;
}

/** x W + b, row after row. */
function linear(
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  from: number,
  to: number,
): Float64Array<ArrayBuffer> {
  const rows = x.length / from;
  const y = new Float64Array(rows * to);
  for (let row = 0; row < rows; row++) {
    const out = y.subarray(row * to, (row + 1) * to);
    out.set(b);
    for (let i = 0; i < from; i++) addScaled(out, rowOf(w, i, to), x[row * from + i]);
  }
  return y;
}

/** @returns dx; dW and db are added to */
function linearBackward(
  x: Float64Array,
  w: Float64Array,
  dy: Float64Array,
  dw: Float64Array,
  db: Float64Array,
): Float64Array {
  const to = db.length;
  const from = w.length / to;
  const dx = new Float64Array(x.length);
  for (let row = 0; row < x.length / from; row++) {
    const d = rowOf(dy, row, to);
    add(db, d);
    for (let i = 0; i < from; i++) {
      dx[row * from + i] = dot(d, rowOf(w, i, to));
      addScaled(rowOf(dw, i, to), d, x[row * from + i]);
    }
  }
  return dx;
}

function moments(row: Float64Array): { mean: number; rstd: number } {
  const mean = row.reduce((a, b) => a + b, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return { mean, rstd: 1 / Math.sqrt(variance + EPSILON) };
}

function layerNorm(x: Float64Array, gain: Float64Array, bias: Float64Array): Float64Array {
  const width = gain.length;
  const y = new Float64Array(x.length);
  for (let row = 0; row < x.length / width; row++) {
    const { mean, rstd } = moments(rowOf(x, row, width));
    for (let i = 0; i < width; i++) y[row * width + i] = (x[row * width + i] - mean) * rstd * gain[i] + bias[i];
  }
  return y;
}

function layerNormBackward(
  x: Float64Array,
  gain: Float64Array,
  dy: Float64Array,
  dGain: Float64Array,
  dBias: Float64Array,
): Float64Array<ArrayBuffer> {
  const width = gain.length;
  const dx = new Float64Array(x.length);
  for (let row = 0; row < x.length / width; row++) {
    const { mean, rstd } = moments(rowOf(x, row, width));
    const normal = rowOf(x, row, width).map(value => (value - mean) * rstd);
    const d = rowOf(dy, row, width);
    add(dBias, d);
    addScaled(
      dGain,
      normal.map((value, i) => value * d[i]),
      1,
    );
    const dNormal = d.map((value, i) => value * gain[i]);
    const meanD = dNormal.reduce((a, b) => a + b, 0) / width;
    const meanProduct = dot(dNormal, normal) / width;
    for (let i = 0; i < width; i++) dx[row * width + i] = rstd * (dNormal[i] - meanD - normal[i] * meanProduct);
  }
  return dx;
}

/** By the hyperbolic tangent, as Hendrycks & Gimpel write it. */
export function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

export function geluSlope(x: number): number {
  const tanh = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
  return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh ** 2) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2);
}

function rowOf(values: Float64Array, row: number, width: number): Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}

/** A head's part of a row. */
function part(values: Float64Array, row: number, width: number, from: number, size: number): Float64Array {
  return values.subarray(row * width + from, row * width + from + size);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, from: Float64Array): void {
  addScaled(to, from, 1);
}

function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i];
}
