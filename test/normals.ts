/** Standard normal numbers for simulations. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

/** Box and Muller 1958; the same seed gives the same numbers. */
export function normals(seed: number): () => number {
  const random = mersenne(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
}
