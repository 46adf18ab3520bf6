import { expect, test } from 'vitest';
import { normals } from '../../test/normals.ts';
import { type Parameters, readParameters, referenceLoss, referenceUpdate, zeros } from '../../test/reference-model.ts';
import { tokenBatch } from '../../test/token-batches.ts';
import { startCrew } from './crew.ts';
import { createEngine, type EngineOptions, type ModelShape, type Optimizer, type TokenBatch } from './index.ts';
import { type EngineMemory, mapMemory } from './memory-map.ts';
import { layTensors } from './tensors.ts';

const TINY: ModelShape = { vocabulary: 7, context: 5, width: 8, layers: 2, heads: 2 };
/** Nothing divides evenly: tiles, blocks of attention, blocks of the matrix product, groups. */
const UNEVEN: ModelShape = { vocabulary: 301, context: 45, width: 72, layers: 2, heads: 3 };

const OPTIMIZER: Optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 0.3 };

/** Parameters large enough for attention to choose and units to saturate. */
function drawnFloats(shape: ModelShape, seed: number): Float32Array {
  const draws = normals(seed);
  const floats = new Float32Array(layTensors(shape).floats);
  for (const { name, rows, columns, offset } of layTensors(shape).tensors) {
    const [, part = name] = name.split('.');
    const scale = columns > 1 ? 1 / Math.sqrt(shape.width) : 0.3;
    for (let i = 0; i < rows * columns; i++) floats[offset + i] = (part.startsWith('gain') ? 1 : 0) + scale * draws();
  }
  return floats;
}

/** The kernels' loss and gradient, without an update. */
async function kernelGradient(options: EngineOptions, floats: Float32Array, batch: TokenBatch) {
  const map = mapMemory(options, 1);
  const crew = await startCrew(map, 1);
  const run = (values: Float32Array): number => {
    map.parameters.set(values);
    map.inputs.set(batch.inputs);
    map.targets.set(batch.targets);
    crew.run('train', map.shards);
    crew.run('reduce', map.squares.length);
    return total(map, batch);
  };
  const loss = run(floats);
  const gradient = Float32Array.from(map.gradient);
  await crew.close();
  return { loss, gradient, squares: map.squares.reduce((a, b) => a + b, 0), lossOf: run };
}

function total({ losses }: EngineMemory, batch: TokenBatch): number {
  return losses.subarray(0, batch.sequences).reduce((a, b) => a + b, 0) / batch.inputs.length;
}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

/** Distance relative to the larger norm. */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return norm(Array.from(a).map((value, i) => value - b[i])) / Math.max(norm(a), norm(b));
}

test('the float64 reference agrees with finite differences in every parameter', () => {
  const parameters = readParameters(TINY, drawnFloats(TINY, 1));
  const batch = tokenBatch(TINY, 2, 2);
  const gradient = zeros(parameters);
  referenceLoss(TINY, parameters, batch, gradient);
  const h = 1e-4;
  for (const [name, values] of parameters) {
    const differences = values.map((value, i) => {
      // Five points: the error is of order h^4.
      const at = (shift: number) => {
        values[i] = value + shift;
        const loss = referenceLoss(TINY, parameters, batch);
        values[i] = value;
        return loss;
      };
      return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    });
    expect(relativeError(gradient.get(name) as Float64Array, differences), name).toBeLessThan(1e-7);
  }
});

test.each([
  ['tiny', TINY, 2],
  ['uneven', UNEVEN, 11],
  ['a context longer than a block of the product', { ...TINY, context: 300 }, 1],
  ['more logits than are held at a time', { vocabulary: 20_011, context: 64, width: 8, layers: 1, heads: 1 }, 2],
  ['as proxies have', { vocabulary: 256, context: 128, width: 64, layers: 2, heads: 4 }, 3],
])(
  'the kernels agree with the float64 reference in loss and every tensor of the gradient: %s',
  async (_, shape, sequences) => {
    const floats = drawnFloats(shape, 3);
    const batch = tokenBatch(shape, sequences, 4);
    const parameters = readParameters(shape, floats);
    const gradient = zeros(parameters);
    const loss = referenceLoss(shape, parameters, batch, gradient);
    const kernels = await kernelGradient({ shape, optimizer: OPTIMIZER, sequences, seed: 0 }, floats, batch);
    expect(kernels.loss).toBeCloseTo(loss, 5);
    const found = readParameters(shape, kernels.gradient);
    const whole = norm([...gradient.values()].map(norm));
    for (const [name, values] of gradient) {
      const tensor = found.get(name) as Float64Array;
      const difference = norm(values.map((value, i) => value - tensor[i]));
      expect(difference / Math.max(norm(values), 1e-3 * whole), name).toBeLessThan(2e-5);
    }
    expect(kernels.squares).toBeCloseTo(whole ** 2, 3);
  },
);

test('the kernels agree with their own finite differences along random directions', async () => {
  const batch = tokenBatch(UNEVEN, 4, 5);
  const floats = drawnFloats(UNEVEN, 6);
  const { gradient, lossOf } = await kernelGradient(
    { shape: UNEVEN, optimizer: OPTIMIZER, sequences: 4, seed: 0 },
    floats,
    batch,
  );
  const along = normals(7);
  const size = norm(gradient);
  const h = 0.02;
  for (let trial = 0; trial < 8; trial++) {
    // The gradient's own direction and noise: a random one alone would be almost orthogonal to it.
    const direction = gradient.map(value => value / size + (0.5 * along()) / Math.sqrt(gradient.length));
    const at = (shift: number) => lossOf(floats.map((value, i) => value + shift * direction[i]));
    const difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    const expected = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
    expect(Math.abs(difference / expected - 1)).toBeLessThan(1e-3);
  }
});

test('three steps of AdamW, clipped, agree with the reference', async () => {
  const shape: ModelShape = { ...TINY, width: 16, context: 12 };
  const engine = await createEngine({ shape, optimizer: OPTIMIZER, sequences: 3, seed: 8 });
  const start = floatsOf(engine.save(), shape);
  const parameters = readParameters(shape, start);
  const state = { parameters, first: zeros(parameters), second: zeros(parameters) };
  for (let step = 1; step <= 3; step++) {
    const batch = tokenBatch(shape, 3, 10 + step);
    const gradient: Parameters = zeros(parameters);
    const loss = referenceLoss(shape, parameters, batch, gradient);
    const whole = norm([...gradient.values()].map(norm));
    expect(whole).toBeGreaterThan(OPTIMIZER.clip);
    referenceUpdate(shape, OPTIMIZER, state, gradient, step, 1e-3 * step);
    const result = await engine.step(batch, 1e-3 * step);
    expect(result.loss).toBeCloseTo(loss, 5);
    expect(result.gradientNorm).toBeCloseTo(whole, 5);
  }
  const before = readParameters(shape, start);
  for (const [name, values] of readParameters(shape, floatsOf(engine.save(), shape))) {
    const moved = (after: Float64Array) => after.map((value, i) => value - (before.get(name) as Float64Array)[i]);
    // Where a gradient is 0 but for rounding (keys' biases, tokens unseen), Adam's direction is that of the rounding.
    if (name.endsWith('qkvBias')) continue;
    expect(relativeError(moved(values), moved(parameters.get(name) as Float64Array)), name).toBeLessThan(1e-2);
  }
  await engine.close();
});

/** Parameters in the saved state: the first of its three arrays, which are at its end. */
function floatsOf(state: Uint8Array, shape: ModelShape): Float32Array {
  const { floats } = layTensors(shape);
  return new Float32Array(state.buffer, state.byteLength - 12 * floats, floats);
}
