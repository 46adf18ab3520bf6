/** Places in the memory that the threads share; the kernels read them by assembly/memory-map.ts. */

import { BimixError } from '../errors/index.ts';
import type { EngineOptions } from './engine.ts';
import { type Kernels, startKernels } from './kernels.ts';
import { layTensors, type TensorLayout } from './tensors.ts';

/** Where the fields are, as in assembly/memory-map.ts. */
const HEADER = 1024;
const EVALUATED = 80;
const STEP = 84;
const TICKET = 192;
const DONE = 256;
const GENERATION = 320;
const HEADER_END = HEADER + 384;
const PAGE = 65536;
const PAGES = 65536;

/** Sequences of about this many tokens go through the model together. */
const GROUP_TOKENS = 256;
/** Parts of the batch with gradients of their own: as many threads have work at most. */
const SHARDS = 8;

/** What changes from one job to the next, as floats from `JOB` on. */
export interface StepScalars {
  readonly gradientScale: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly correction1: number;
  readonly correction2: number;
}

export interface EngineMemory {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly layout: TensorLayout;
  readonly shards: number;
  readonly groupSequences: number;
  /** Sequences that `inputs`, `targets` and `losses` have room for. */
  readonly capacity: number;
  readonly parameters: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
  /** After a step: the whole batch's. */
  readonly gradient: Float32Array;
  readonly inputs: Uint16Array;
  readonly targets: Uint16Array;
  /** Summed over each sequence. */
  readonly losses: Float64Array;
  /** Parts of the gradient's squared norm. */
  readonly squares: Float64Array;
  /** One word: job, number of items, next item (assembly/crew.ts). */
  readonly ticket: BigInt64Array;
  /** One word: items done. */
  readonly done: Int32Array;
  /** One word: jobs so far; idle threads wait for its change. */
  readonly generation: Int32Array;
  setEvaluated(sequences: number): void;
  setStep(scalars: StepScalars): void;
}

/** @throws BimixError `invalid-shape` for a model beyond 4 GB */
export function mapMemory(options: EngineOptions, threads: number): EngineMemory {
  const { shape, sequences } = options;
  const layout = layTensors(shape);
  const shards = Math.min(SHARDS, sequences);
  const groupSequences = Math.max(1, Math.min(Math.ceil(sequences / shards), Math.floor(GROUP_TOKENS / shape.context)));
  const capacity = Math.max(sequences, SHARDS * groupSequences);
  const { vocabulary, context, width, layers, heads } = shape;
  const sizes = [vocabulary, context, width, layers, heads, groupSequences, shards, sequences];
  const fields = Uint32Array.of(...sizes, layout.floats, layout.decayedFloats);

  // Only the kernels know how large a workspace is.
  const { workspaceBytes, chunkFloats } = askSizes(fields);
  const chunks = Math.ceil(layout.floats / chunkFloats);
  let end = HEADER_END;
  const take = (bytes: number): number => {
    const at = end;
    end += 64 * Math.ceil(bytes / 64);
    return at;
  };
  const places = {
    parameters: take(4 * layout.floats),
    firstMoments: take(4 * layout.floats),
    secondMoments: take(4 * layout.floats),
    gradients: take(4 * layout.floats * shards),
    inputs: take(2 * capacity * context),
    targets: take(2 * capacity * context),
    losses: take(8 * capacity),
    squares: take(8 * chunks),
    tensors: take(4 * layout.tensors.length),
    workspaces: take(workspaceBytes * threads),
  };
  const memory = makeMemory(end);
  const buffer = memory.buffer;
  const header = new Uint32Array(buffer, HEADER, (HEADER_END - HEADER) / 4);
  header.set([...fields, ...Object.values(places)]);
  new Uint32Array(buffer, places.tensors, layout.tensors.length).set(layout.tensors.map(({ offset }) => offset));
  const floats = (at: number) => new Float32Array(buffer, at, layout.floats);
  const step = new Float32Array(buffer, HEADER + STEP, 8);
  return {
    memory,
    kernels: startKernels(memory),
    layout,
    shards,
    groupSequences,
    capacity,
    parameters: floats(places.parameters),
    firstMoments: floats(places.firstMoments),
    secondMoments: floats(places.secondMoments),
    gradient: floats(places.gradients),
    inputs: new Uint16Array(buffer, places.inputs, capacity * context),
    targets: new Uint16Array(buffer, places.targets, capacity * context),
    losses: new Float64Array(buffer, places.losses, capacity),
    squares: new Float64Array(buffer, places.squares, chunks),
    ticket: new BigInt64Array(buffer, HEADER + TICKET, 1),
    done: new Int32Array(buffer, HEADER + DONE, 1),
    generation: new Int32Array(buffer, HEADER + GENERATION, 1),
    setEvaluated: count => header.set([count], EVALUATED / 4),
    setStep: scalars =>
      step.set([
        scalars.gradientScale,
        scalars.learningRate,
        scalars.weightDecay,
        scalars.beta1,
        scalars.beta2,
        scalars.epsilon,
        scalars.correction1,
        scalars.correction2,
      ]),
  };
}

function askSizes(fields: Uint32Array): { workspaceBytes: number; chunkFloats: number } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  new Uint32Array(memory.buffer, HEADER).set(fields);
  const kernels = startKernels(memory);
  return { workspaceBytes: kernels.layWorkspace(), chunkFloats: kernels.CHUNK.value };
}

function makeMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  const gigabytes = (bytes / 2 ** 30).toFixed(1);
  if (pages > PAGES) {
    throw new BimixError(
      'invalid-shape',
      `invalid shape: training it takes ${gigabytes} GB, more than the 4 GB that the engine can use`,
      {
        hint: 'Use a narrower or shallower model, a shorter context or a smaller vocabulary.',
      },
    );
  }
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new BimixError('invalid-shape', `invalid shape: there are not ${gigabytes} GB of memory to train it`, {
      hint: 'Use a smaller model, fewer threads, or free some memory.',
      cause,
    });
  }
}
