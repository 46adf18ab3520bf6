/** The engine of the package: kernels in WebAssembly, threads that share its memory. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { checkBatch, checkLearningRate, checkOptions } from './checks.ts';
import { startCrew } from './crew.ts';
import type { Engine, EngineOptions, TokenBatch } from './engine.ts';
import { type EngineMemory, mapMemory } from './memory-map.ts';

/** Of the first draw (Radford et al. 2019). */
const DEVIATION = 0.02;

/**
 * A model with fresh parameters. The calling thread takes part in every step; between steps it is free.
 *
 * @throws BimixError `invalid-shape`, `invalid-optimizer`, `invalid-engine`, `missing-kernels`
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  checkOptions(options);
  const { shape, optimizer, sequences, threads = 1 } = options;
  const map = mapMemory(options, threads);
  const { layout } = map;
  drawParameters(map, options);
  const crew = await startCrew(map, threads);

  let steps = 0;
  let beta1Power = 1;
  let beta2Power = 1;

  const give = (batch: TokenBatch, from: number, to: number) => {
    map.inputs.set(batch.inputs.subarray(from * shape.context, to * shape.context));
    map.targets.set(batch.targets.subarray(from * shape.context, to * shape.context));
  };

  return {
    parameters: layout.parameters,
    threads,

    async step(batch, learningRate) {
      checkBatch(batch, shape, sequences);
      checkLearningRate(learningRate);
      give(batch, 0, sequences);
      crew.run('train', map.shards);
      crew.run('reduce', map.squares.length);
      const gradientNorm = Math.sqrt(sum(map.squares));
      steps += 1;
      beta1Power *= optimizer.beta1;
      beta2Power *= optimizer.beta2;
      map.setStep({
        ...optimizer,
        learningRate,
        gradientScale: gradientNorm > optimizer.clip ? optimizer.clip / gradientNorm : 1,
        correction1: 1 / (1 - beta1Power),
        correction2: 1 / (1 - beta2Power),
      });
      crew.run('update', map.squares.length);
      await nextTurn();
      return { loss: sum(map.losses.subarray(0, sequences)) / (sequences * shape.context), gradientNorm };
    },

    async evaluate(batch) {
      checkBatch(batch, shape, batch.sequences);
      const losses = new Float64Array(batch.sequences);
      for (let from = 0; from < batch.sequences; from += map.capacity) {
        const to = Math.min(from + map.capacity, batch.sequences);
        give(batch, from, to);
        map.setEvaluated(to - from);
        crew.run('evaluate', Math.ceil((to - from) / map.groupSequences));
        losses.set(map.losses.subarray(0, to - from), from);
        await nextTurn();
      }
      return losses;
    },

    save() {
      return encodeCheckpoint(shape, {
        steps,
        beta1Power,
        beta2Power,
        parameters: map.parameters,
        firstMoments: map.firstMoments,
        secondMoments: map.secondMoments,
      });
    },

    load(bytes) {
      const state = decodeCheckpoint(shape, layout.floats, bytes);
      ({ steps, beta1Power, beta2Power } = state);
      map.parameters.set(state.parameters);
      map.firstMoments.set(state.firstMoments);
      map.secondMoments.set(state.secondMoments);
    },

    async close() {
      await crew.close();
    },
  };
}

/** In the order of the layout, from one stream of draws; projections onto the residual stream are smaller, as in GPT-2. */
function drawParameters({ kernels, layout, parameters }: EngineMemory, { seed, shape }: EngineOptions): void {
  kernels.seedDraws(BigInt(seed));
  for (const { name, rows, columns, offset } of layout.tensors) {
    const [, part = name] = name.split('.');
    if (columns > 1) {
      const deviation = part === 'out' || part === 'down' ? DEVIATION / Math.sqrt(2 * shape.layers) : DEVIATION;
      kernels.fillNormal(parameters.byteOffset + 4 * offset, rows * columns, deviation);
    } else if (part.startsWith('gain')) {
      parameters.fill(1, offset, offset + rows);
    }
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
