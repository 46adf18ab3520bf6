import { expect, test } from 'vitest';
import { jaxTrainer } from '../../test/jax-trainer.ts';
import { tokenBatch } from '../../test/token-batches.ts';
import { createEngine, type ModelShape, type Optimizer } from './index.ts';
import { layTensors } from './tensors.ts';

test('twenty steps go as those of an independent library with automatic derivatives', async () => {
  const shape: ModelShape = { vocabulary: 31, context: 16, width: 32, layers: 2, heads: 4 };
  const optimizer: Optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 0.5 };
  const engine = await createEngine({ shape, optimizer, sequences: 4, seed: 1 });
  const state = engine.save();
  const { floats } = layTensors(shape);
  const start = new Float32Array(state.buffer, state.byteLength - 12 * floats, floats);
  const jax = await jaxTrainer(shape, optimizer, start);
  const losses = [];
  for (let step = 0; step < 20; step++) {
    const batch = tokenBatch(shape, 4, step);
    const theirs = await jax.step(batch, 3e-3);
    const { loss } = await engine.step(batch, 3e-3);
    expect(Math.abs(loss - theirs), `step ${step}`).toBeLessThan(1e-4);
    losses.push(loss);
  }
  expect(losses[19]).toBeLessThan(losses[0] - 0.3);
  await engine.close();
});
