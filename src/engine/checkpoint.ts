/** The state of a training as bytes: a header, then parameters and both moments as little-endian float32. */

import { createHash } from 'node:crypto';
import { BimixError } from '../errors/index.ts';
import type { ModelShape } from './engine.ts';

/** Everything that the next step depends on. */
export interface TrainingState {
  /** Taken so far. */
  readonly steps: number;
  /** Powers of the optimizer's betas, multiplied up step by step. */
  readonly beta1Power: number;
  readonly beta2Power: number;
  readonly parameters: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
}

const MAGIC = 'bimixgpt';
const VERSION = 1;
const DIGEST = 32;
/** Magic, version, shape, padding, steps, powers, SHA-256 of what comes before and after it. */
const DIGEST_AT = 8 + 4 * 6 + 8 * 3;
const HEADER = DIGEST_AT + DIGEST;

export function encodeCheckpoint(shape: ModelShape, state: TrainingState): Uint8Array {
  const floats = state.parameters.length;
  const bytes = new Uint8Array(HEADER + 3 * 4 * floats);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from(MAGIC, 'latin1'));
  [VERSION, ...sizes(shape)].forEach((value, i) => {
    view.setUint32(8 + 4 * i, value, true);
  });
  [state.steps, state.beta1Power, state.beta2Power].forEach((value, i) => {
    view.setFloat64(32 + 8 * i, value, true);
  });
  [state.parameters, state.firstMoments, state.secondMoments].forEach((values, i) => {
    new Float32Array(bytes.buffer, HEADER + 4 * floats * i, floats).set(values);
  });
  bytes.set(digest(bytes), DIGEST_AT);
  return bytes;
}

/**
 * @param floats of each of the three arrays
 * @throws BimixError `invalid-checkpoint` when the bytes are damaged, of another version or of another shape
 */
export function decodeCheckpoint(shape: ModelShape, floats: number, state: Uint8Array): TrainingState {
  const wrong = (what: string, hint: string) => {
    throw new BimixError('invalid-checkpoint', `invalid checkpoint: ${what}`, { hint });
  };
  const again = 'Delete the checkpoint to train from the start.';
  const bytes = Uint8Array.from(state);
  const view = new DataView(bytes.buffer);
  if (bytes.length < HEADER || Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== MAGIC) {
    wrong('it is not a training checkpoint', again);
  }
  const version = view.getUint32(8, true);
  if (version !== VERSION) wrong(`version ${version}, expected ${VERSION}`, again);
  const found = sizes(shape).map((_, i) => view.getUint32(12 + 4 * i, true));
  if (found.some((size, i) => size !== sizes(shape)[i])) {
    const names = ['vocabulary', 'context', 'width', 'layers', 'heads'];
    const spelt = (values: readonly number[]) => values.map((value, i) => `${names[i]} ${value}`).join(', ');
    wrong(
      `it is of ${spelt(found)}; the model has ${spelt(sizes(shape))}`,
      'Resume with the shape it was trained with.',
    );
  }
  if (bytes.length !== HEADER + 12 * floats) {
    wrong(`${bytes.length} bytes, expected ${HEADER + 12 * floats}`, `It was cut short. ${again}`);
  }
  if (!digest(bytes).equals(bytes.subarray(DIGEST_AT, HEADER))) {
    wrong('its bytes do not match their checksum', `It was damaged. ${again}`);
  }
  const values = (i: number) => new Float32Array(bytes.buffer, HEADER + 4 * floats * i, floats);
  return {
    steps: view.getFloat64(32, true),
    beta1Power: view.getFloat64(40, true),
    beta2Power: view.getFloat64(48, true),
    parameters: values(0),
    firstMoments: values(1),
    secondMoments: values(2),
  };
}

function sizes({ vocabulary, context, width, layers, heads }: ModelShape): number[] {
  return [vocabulary, context, width, layers, heads];
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(0, DIGEST_AT)).update(bytes.subarray(HEADER)).digest();
}
