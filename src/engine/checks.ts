/** What an engine can be asked for. */

import { BimixError, type ErrorCode } from '../errors/index.ts';
import type { EngineOptions, ModelShape, TokenBatch } from './engine.ts';

const MAX_VOCABULARY = 65535;
const MAX_CONTEXT = 8192;
const MAX_WIDTH = 8192;
const MAX_LAYERS = 256;
const MAX_THREADS = 256;
const MAX_SEQUENCES = 2 ** 20;

/** @throws BimixError `invalid-shape`, `invalid-optimizer`, `invalid-engine` */
export function checkOptions({ shape, optimizer, sequences, seed, threads = 1 }: EngineOptions): void {
  checkShape(shape);
  const share = (name: 'beta1' | 'beta2') =>
    check('invalid-optimizer', optimizer[name] >= 0 && optimizer[name] < 1, name, optimizer[name], 'from 0 to below 1');
  share('beta1');
  share('beta2');
  const { epsilon, weightDecay, clip } = optimizer;
  check('invalid-optimizer', epsilon > 0 && Number.isFinite(epsilon), 'epsilon', epsilon, 'above 0');
  check('invalid-optimizer', weightDecay >= 0 && Number.isFinite(weightDecay), 'weightDecay', weightDecay, '0 or more');
  check('invalid-optimizer', clip > 0, 'clip', clip, 'above 0');
  check('invalid-engine', isCount(sequences, MAX_SEQUENCES), 'sequences', sequences, `1 to ${MAX_SEQUENCES}`);
  check('invalid-engine', Number.isSafeInteger(seed) && seed >= 0, 'seed', seed, 'a whole number from 0 on');
  check('invalid-engine', isCount(threads, MAX_THREADS), 'threads', threads, `1 to ${MAX_THREADS}`);
}

function checkShape({ vocabulary, context, width, layers, heads }: ModelShape): void {
  const size = (name: string, value: number, largest: number) =>
    check('invalid-shape', isCount(value, largest), name, value, `1 to ${largest}`);
  size('vocabulary', vocabulary, MAX_VOCABULARY);
  size('context', context, MAX_CONTEXT);
  size('width', width, MAX_WIDTH);
  size('layers', layers, MAX_LAYERS);
  size('heads', heads, width);
  check('invalid-shape', width % 8 === 0, 'width', width, 'a multiple of 8');
  check('invalid-shape', width % heads === 0, 'width', width, `a multiple of its ${heads} heads`);
}

/** @throws BimixError `invalid-batch` */
export function checkBatch({ sequences, inputs, targets }: TokenBatch, shape: ModelShape, expected: number): void {
  const code = 'invalid-batch';
  check(code, sequences === expected, 'sequences', sequences, `${expected}, what the engine was made for`);
  const length = sequences * shape.context;
  check(code, inputs.length === length, 'number of inputs', inputs.length, `${length}`);
  check(code, targets.length === length, 'number of targets', targets.length, `${length}`);
  for (let i = 0; i < length; i++) {
    const largest = Math.max(inputs[i], targets[i]);
    if (largest >= shape.vocabulary) check(code, false, 'id', largest, `below the vocabulary's ${shape.vocabulary}`);
  }
}

/** @throws BimixError `invalid-rate` */
export function checkLearningRate(learningRate: number): void {
  check('invalid-rate', learningRate >= 0 && Number.isFinite(learningRate), 'learning rate', learningRate, '0 or more');
}

function check(code: ErrorCode, holds: boolean, name: string, value: number, expected: string): void {
  if (!holds) throw new BimixError(code, `${code.replace('-', ' ')}: ${name} is ${value}, expected ${expected}`);
}

function isCount(value: number, largest: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= largest;
}
