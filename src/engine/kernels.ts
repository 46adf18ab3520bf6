/** The compiled kernels (assembly/). */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BimixError } from '../errors/index.ts';

/** Addresses are bytes in the shared memory. */
export interface Kernels {
  readonly CHUNK: WebAssembly.Global;
  /** Bytes of one thread's workspace for the shape in the memory map. */
  layWorkspace(): number;
  enterWorkspace(thread: number): void;
  seedDraws(seed: bigint): void;
  fillNormal(at: number, count: number, deviation: number): void;
  exp(x: number): number;
  log(x: number): number;
  /** y = gelu(x), and x becomes its slope. */
  gelu(count: number, x: number, y: number): void;
  readonly MULTIPLY_SCRATCH: WebAssembly.Global;
  setMultiplyScratch(at: number): void;
  /** C (+)= A B + bias, strides in elements; of A and B one stride is 1. */
  multiply(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    cRow: number,
    add: boolean,
    bias: number,
  ): void;
  /** Does items of the current job until none is left; 0 at the end of all work. */
  claimAll(): number;
}

const FILE = 'engine.wasm';

let compiled: WebAssembly.Module | undefined;

/** @throws BimixError `missing-kernels` before the first build */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(kernelFile()));
  return compiled;
}

export function startKernels(memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(kernelModule(), { env: { memory } }).exports as unknown as Kernels;
}

/** Beside this file in a build; else, from the sources, in the build's folder. */
function kernelFile(): string {
  const beside = path.join(import.meta.dirname, FILE);
  if (existsSync(beside)) return beside;
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const built = path.join(folder, 'dist/engine', FILE);
    if (existsSync(built)) return built;
  }
  throw new BimixError('missing-kernels', `missing ${FILE}: the engine's kernels are not compiled`, {
    hint: 'In a clone of the repository, run: npm run build',
    where: { file: beside },
  });
}
