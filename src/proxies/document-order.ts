/** The order of a domain's documents. */

import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

/**
 * A random permutation of 0 to `count - 1`: the same for the same key, unrelated for another.
 *
 * @param key for example seed, domain and epoch
 */
export function shuffledOrder(count: number, key: readonly (string | number)[]): Uint32Array {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest();
  const random = mersenne(digest.readInt32LE(0));
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    const moved = order[i];
    order[i] = order[j];
    order[j] = moved;
  }
  return order;
}
