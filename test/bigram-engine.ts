/** An engine that is quick, right and simple: decaying counts of pairs, which depend on the order of all batches. */

import type { Engine, EngineOptions } from '../src/engine/index.ts';
import { BimixError } from '../src/errors/index.ts';

const PRIOR = 0.05;

export interface BigramOptions {
  /** Makes the training loss of a step (from 0) something else. */
  readonly lossOfStep?: (step: number, loss: number) => number;
}

export function bigramEngine({ lossOfStep }: BigramOptions = {}): (options: EngineOptions) => Promise<Engine> {
  return async ({ shape: { vocabulary, context }, threads = 1, seed }) => {
    // Pairs, then how often each id came first, then the step.
    const firsts = vocabulary * vocabulary;
    let state = new Float64Array(firsts + vocabulary + 1).fill(seed / 1e6, 0, firsts);
    const lossOf = (input: number, target: number) =>
      -Math.log((state[input * vocabulary + target] + PRIOR) / (state[firsts + input] + PRIOR * vocabulary));
    return {
      parameters: firsts + context,
      threads,
      async step({ inputs, targets }, learningRate) {
        let loss = 0;
        for (let i = 0; i < inputs.length; i++) loss += lossOf(inputs[i], targets[i]) / inputs.length;
        const step = state[state.length - 1];
        for (let i = 0; i < inputs.length; i++) {
          state[inputs[i] * vocabulary + targets[i]] += learningRate;
          state[firsts + inputs[i]] += learningRate;
        }
        for (let i = 0; i < state.length - 1; i++) state[i] *= 0.999;
        state[state.length - 1] = step + 1;
        return { loss: lossOfStep?.(step, loss) ?? loss, gradientNorm: 1 };
      },
      async evaluate({ sequences, inputs, targets }) {
        const length = inputs.length / sequences;
        return Float64Array.from({ length: sequences }, (_, row) => {
          let sum = 0;
          for (let i = row * length; i < (row + 1) * length; i++) sum += lossOf(inputs[i], targets[i]);
          return sum;
        });
      },
      save: () => new Uint8Array(state.slice().buffer),
      load(bytes) {
        if (bytes.length !== state.byteLength) throw new BimixError('invalid-checkpoint', 'invalid checkpoint');
        state = new Float64Array(bytes.slice().buffer);
      },
      async close() {},
    };
  };
}
