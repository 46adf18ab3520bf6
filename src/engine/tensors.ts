/** The tensors of the model and their places in one array of floats. */

import type { ModelShape } from './engine.ts';

export interface Tensor {
  readonly name: string;
  readonly rows: number;
  /** 1 for gains and biases. */
  readonly columns: number;
  /** Of the first float; a multiple of four. */
  readonly offset: number;
}

export interface TensorLayout {
  /**
   * Token embedding, positions, then for each layer `qkv`, `out`, `up`, `down`, `gain1`, `bias1`, `qkvBias`, `outBias`,
   * `gain2`, `bias2`, `upBias`, `downBias`, then the last norm's gain and bias. Matrices are `inputs x outputs`, row after row.
   * The kernels (assembly/model.ts) count on this order.
   */
  readonly tensors: readonly Tensor[];
  /** With padding. */
  readonly floats: number;
  /** Floats of the tensors with weight decay; these have the lowest offsets. */
  readonly decayedFloats: number;
  /** Without padding. */
  readonly parameters: number;
}

export function layTensors({ vocabulary, context, width, layers }: ModelShape): TensorLayout {
  const listed: { name: string; rows: number; columns: number; decayed: boolean }[] = [];
  const matrix = (name: string, rows: number, columns: number) => listed.push({ name, rows, columns, decayed: true });
  const plain = (name: string, rows: number, columns = 1) => listed.push({ name, rows, columns, decayed: false });

  matrix('tokens', vocabulary, width);
  plain('positions', context, width);
  for (let layer = 0; layer < layers; layer++) {
    matrix(`${layer}.qkv`, width, 3 * width);
    matrix(`${layer}.out`, width, width);
    matrix(`${layer}.up`, width, 4 * width);
    matrix(`${layer}.down`, 4 * width, width);
    plain(`${layer}.gain1`, width);
    plain(`${layer}.bias1`, width);
    plain(`${layer}.qkvBias`, 3 * width);
    plain(`${layer}.outBias`, width);
    plain(`${layer}.gain2`, width);
    plain(`${layer}.bias2`, width);
    plain(`${layer}.upBias`, 4 * width);
    plain(`${layer}.downBias`, width);
  }
  plain('gain', width);
  plain('bias', width);

  const offsets = new Map<string, number>();
  let floats = 0;
  const place = (decayed: boolean) => {
    for (const tensor of listed.filter(one => one.decayed === decayed)) {
      offsets.set(tensor.name, floats);
      floats += 4 * Math.ceil((tensor.rows * tensor.columns) / 4);
    }
  };
  place(true);
  const decayedFloats = floats;
  place(false);
  return {
    tensors: listed.map(({ name, rows, columns }) => ({ name, rows, columns, offset: offsets.get(name) as number })),
    floats,
    decayedFloats,
    parameters: listed.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
  };
}
