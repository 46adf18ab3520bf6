/**
 * Speed and memory of the engine. Run from the root, after npm run build:
 *   npx tsc -p bench && node bench/build/bench/engine.bench.js [--steps 30] [--jax-steps 8] [--no-jax]
 *
 * Every reading is a process of its own, so that its peak memory is its own; speeds are those of the best step. GFLOP/s are
 * 6 x parameters but positions x tokens/s: products with weights, forward and backward, without attention's. "Parallel" are two
 * processes of one thread at the same time. @jax-js/jax runs as it comes, on one thread.
 */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import Table from 'cli-table3';
import { createEngine, type ModelShape, multiplyLimit, type Optimizer } from '../src/engine/index.ts';
import { layTensors } from '../src/engine/tensors.ts';
import { jaxTrainer } from '../test/jax-trainer.ts';
import { tokenBatch } from '../test/token-batches.ts';

const SHAPES: Record<string, ModelShape> = {
  '1.04 M': { vocabulary: 256, context: 128, width: 128, layers: 5, heads: 4 },
  '0.22 M': { vocabulary: 256, context: 128, width: 64, layers: 4, heads: 4 },
};
const SEQUENCES = 16;
const OPTIMIZER: Optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };

const { values } = parseArgs({
  allowNegative: true,
  options: {
    steps: { type: 'string', default: '30' },
    'jax-steps': { type: 'string', default: '8' },
    jax: { type: 'boolean', default: true },
    // Of a process that takes one reading.
    take: { type: 'string' },
    shape: { type: 'string' },
    threads: { type: 'string', default: '1' },
  },
});

interface Reading {
  /** GFLOP/s when products alone are measured. */
  readonly tokensPerSecond: number;
  readonly megabytes: number;
}

type Subject = 'engine' | 'jax' | 'multiply';

if (values.take === undefined) await report();
else console.log(JSON.stringify(await take(values.take as Subject)));

async function report(): Promise<void> {
  const limit = async (processes: number) =>
    (await Promise.all(Array.from({ length: processes }, () => inProcess('multiply')))).reduce(
      (sum, { tokensPerSecond }) => sum + tokensPerSecond,
      0,
    );
  console.log(
    `Product of matrices: ${(await limit(1)).toFixed(1)} GFLOP/s on one thread, ${(await limit(2)).toFixed(1)} on two.\n`,
  );
  const table = new Table({
    head: ['parameters', 'engine', 'tokens/s', 'GFLOP/s', 'peak RSS, MB'],
    style: { head: [], border: [] },
  });
  for (const [name, shape] of Object.entries(SHAPES)) {
    const flops = 6 * (layTensors(shape).parameters - shape.context * shape.width);
    const row = (engine: string, readings: readonly Reading[]) => {
      const speed = readings.reduce((sum, { tokensPerSecond }) => sum + tokensPerSecond, 0);
      const memory = readings.map(({ megabytes }) => megabytes.toFixed(0)).join(' + ');
      table.push([name, engine, speed.toFixed(0), ((speed * flops) / 1e9).toFixed(1), memory]);
    };
    row('bimix, 1 thread', [await inProcess('engine', name, 1)]);
    row('bimix, 2 threads', [await inProcess('engine', name, 2)]);
    row('bimix, 2 parallel runs', await Promise.all([inProcess('engine', name, 1), inProcess('engine', name, 1)]));
    if (values.jax) row('@jax-js/jax, 1 thread', [await inProcess('jax', name, 1)]);
  }
  console.log(table.toString());
}

async function inProcess(subject: Subject, shape = '1.04 M', threads = 1): Promise<Reading> {
  const own = ['--steps', values.steps, '--jax-steps', values['jax-steps']];
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(import.meta.url),
    ...['--take', subject, '--shape', shape, '--threads', `${threads}`, ...own],
  ]);
  return JSON.parse(stdout);
}

async function take(subject: Subject): Promise<Reading> {
  const speed = subject === 'multiply' ? multiplyLimit(1000) : await trainingSpeed(subject);
  return { tokensPerSecond: speed, megabytes: process.resourceUsage().maxRSS / 1024 };
}

async function trainingSpeed(subject: Subject): Promise<number> {
  const shape = SHAPES[values.shape as string];
  const threads = Number(values.threads);
  const engine = await createEngine({ shape, optimizer: OPTIMIZER, sequences: SEQUENCES, seed: 1, threads });
  const state = engine.save();
  const { floats } = layTensors(shape);
  const trainer =
    subject === 'jax'
      ? await jaxTrainer(shape, OPTIMIZER, new Float32Array(state.buffer, state.byteLength - 12 * floats, floats))
      : engine;
  const steps = Number(subject === 'jax' ? values['jax-steps'] : values.steps);
  let best = Number.POSITIVE_INFINITY;
  for (let step = 0; step < steps; step++) {
    const batch = tokenBatch(shape, SEQUENCES, step);
    const start = performance.now();
    await trainer.step(batch, 1e-3);
    best = Math.min(best, performance.now() - start);
  }
  await engine.close();
  return (1000 * SEQUENCES * shape.context) / best;
}
