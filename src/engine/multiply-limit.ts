/** How fast this machine multiplies matrices with the engine's kernel: an upper limit for training. */

import { startKernels } from './kernels.ts';

const PAGE = 65536;
const SCRATCH = 4096;
/** Like a layer's product in a model of width 128. */
const ROWS = 256;
const COLUMNS = 512;
const DEPTH = 128;

/**
 * Billions of floating-point operations a second on one thread, the best of many readings.
 *
 * @param milliseconds that the measurement takes, default 300
 */
export function multiplyLimit(milliseconds = 300): number {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
  const kernels = startKernels(memory);
  kernels.setMultiplyScratch(SCRATCH);
  const a = PAGE * Math.ceil((SCRATCH + kernels.MULTIPLY_SCRATCH.value) / PAGE);
  const b = a + 4 * ROWS * DEPTH;
  const c = b + 4 * DEPTH * COLUMNS;
  new Float32Array(memory.buffer, a).fill(0.5);
  let best = Number.POSITIVE_INFINITY;
  const start = performance.now();
  for (let now = start; now - start < milliseconds; ) {
    const before = now;
    for (let i = 0; i < 10; i++)
      kernels.multiply(ROWS, COLUMNS, DEPTH, a, DEPTH, 1, b, COLUMNS, 1, c, COLUMNS, false, 0);
    now = performance.now();
    best = Math.min(best, now - before);
  }
  return (10 * 2 * ROWS * COLUMNS * DEPTH) / (best * 1e6);
}
