/** Batches of made-up text for tests of engines. */

import type { ModelShape, TokenBatch } from '../src/engine/index.ts';
import { normals } from './normals.ts';

/** Ids that follow one another by a rule half of the time, so that there is something to learn. */
export function tokenBatch({ vocabulary, context }: ModelShape, sequences: number, seed: number): TokenBatch {
  const draws = normals(seed);
  const below = (count: number) => Math.floor(Math.abs(draws() * 1000)) % count;
  const inputs = new Uint16Array(sequences * context);
  const targets = new Uint16Array(sequences * context);
  for (let s = 0; s < sequences; s++) {
    let id = below(vocabulary);
    for (let t = 0; t < context; t++) {
      inputs[s * context + t] = id;
      id = draws() > 0 ? (id * 3 + 1) % vocabulary : below(vocabulary);
      targets[s * context + t] = id;
    }
  }
  return { sequences, inputs, targets };
}
