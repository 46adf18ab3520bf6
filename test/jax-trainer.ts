/** The engine's model and optimizer in @jax-js/jax, whose derivatives are automatic: an independent oracle, and a rival in speed. */

import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { ModelShape, Optimizer, TokenBatch } from '../src/engine/index.ts';
import { layTensors } from '../src/engine/tensors.ts';

/** By the names of src/engine/tensors.ts. */
type Tree = Record<string, np.Array>;

export interface JaxTrainer {
  /** @returns the loss before the step */
  step(batch: TokenBatch, learningRate: number): Promise<number>;
}

/** @param floats parameters laid out as the engine lays them */
export async function jaxTrainer(shape: ModelShape, optimizer: Optimizer, floats: Float32Array): Promise<JaxTrainer> {
  await init('wasm');
  defaultDevice('wasm');
  const { tensors } = layTensors(shape);
  const { beta1, beta2, epsilon, weightDecay, clip } = optimizer;
  const treeOf = (valuesOf: (offset: number, count: number) => Float32Array<ArrayBuffer>): Tree =>
    Object.fromEntries(
      tensors.map(({ name, rows, columns, offset }) => [
        name,
        np.array(valuesOf(offset, rows * columns)).reshape(columns === 1 ? [rows] : [rows, columns]),
      ]),
    );

  const gradient = valueAndGrad((p: Tree, inputs: np.Array, targets: np.Array) => meanLoss(shape, p, inputs, targets));
  const update = jit(
    (
      p: Tree,
      first: Tree,
      second: Tree,
      inputs: np.Array,
      targets: np.Array,
      scalars: np.Array,
    ): [np.Array, Tree, Tree, Tree] => {
      const [loss, g] = gradient(refs(p), inputs, targets) as unknown as [np.Array, Tree];
      const squares = Object.values(g).map(values => np.sum(np.square(values.ref)));
      const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
      const scale = np.minimum(np.divide(np.array(clip), norm), np.array(1));
      const [rate, correction1, correction2] = np.split(scalars, 3).map(one => one.reshape([]));
      const after: [Tree, Tree, Tree] = [{}, {}, {}];
      for (const { name, columns } of tensors) {
        const slope = g[name].mul(scale.ref);
        const m = first[name].mul(beta1).add(slope.ref.mul(1 - beta1));
        const v = second[name].mul(beta2).add(np.square(slope).mul(1 - beta2));
        const direction = m.ref.mul(correction1.ref).div(np.sqrt(v.ref.mul(correction2.ref)).add(epsilon));
        const decay = columns > 1 && name !== 'positions' ? weightDecay : 0;
        after[0][name] = p[name].ref.sub(direction.add(p[name].mul(decay)).mul(rate.ref));
        after[1][name] = m;
        after[2][name] = v;
      }
      for (const scalar of [scale, rate, correction1, correction2]) scalar.dispose();
      return [loss, ...after];
    },
  );

  let p = treeOf((offset, count) => floats.slice(offset, offset + count) as Float32Array<ArrayBuffer>);
  let first = treeOf((_, count) => new Float32Array(count));
  let second = treeOf((_, count) => new Float32Array(count));
  let steps = 0;
  return {
    async step({ sequences, inputs, targets }, learningRate) {
      steps += 1;
      const scalars = [learningRate, 1 / (1 - beta1 ** steps), 1 / (1 - beta2 ** steps)];
      const ids = (values: Uint16Array) => np.array(Int32Array.from(values)).reshape([sequences, shape.context]);
      let loss: np.Array;
      [loss, p, first, second] = update(p, first, second, ids(inputs), ids(targets), np.array(scalars));
      // Work is put off until somebody asks for a value.
      await Promise.all(
        [p, first, second].flatMap(tree => Object.values(tree)).map(values => values.blockUntilReady()),
      );
      return (await loss.data())[0];
    },
  };
}

function meanLoss(shape: ModelShape, p: Tree, inputs: np.Array, targets: np.Array): np.Array {
  const { vocabulary, context, width, layers, heads } = shape;
  const [sequences] = inputs.shape;
  const size = width / heads;
  const perHead = (x: np.Array) => x.reshape([sequences, context, heads, size]).transpose([0, 2, 1, 3]);
  let x = np.take(p.tokens.ref, inputs, 0).add(p.positions);
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string) => p[`${layer}.${name}`];
    const normal1 = layerNorm(x.ref, at('gain1'), at('bias1'));
    const [q, k, v] = np.split(np.matmul(normal1, at('qkv')).add(at('qkvBias')), 3, -1).map(perHead);
    const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(size));
    // np.tri is 1 where a position may look.
    const hidden = np.tri(context).sub(1).mul(1e9);
    const weights = nn.softmax(scores.add(hidden), -1);
    const mixed = np.matmul(weights, v).transpose([0, 2, 1, 3]).reshape([sequences, context, width]);
    x = x.add(np.matmul(mixed, at('out')).add(at('outBias')));
    const normal2 = layerNorm(x.ref, at('gain2'), at('bias2'));
    const units = np.matmul(normal2, at('up')).add(at('upBias'));
    x = x.add(np.matmul(nn.gelu(units, { approximate: true }), at('down')).add(at('downBias')));
  }
  const logits = np.matmul(layerNorm(x, p.gain, p.bias), p.tokens.transpose());
  const chosen = nn.logSoftmax(logits, -1).mul(nn.oneHot(targets, vocabulary));
  return np.sum(chosen).mul(-1 / (sequences * context));
}

function layerNorm(x: np.Array, gain: np.Array, bias: np.Array): np.Array {
  return nn.standardize(x, -1, { epsilon: 1e-5 }).mul(gain).add(bias);
}

function refs(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, values]) => [name, values.ref]));
}
