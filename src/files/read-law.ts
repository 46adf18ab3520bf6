/** Fitted laws from their files. */

import { type FittedLaw, parseLaws } from '../laws/index.ts';
import { readInputFile } from './input-file.ts';

/**
 * The laws in a `law.json`: one, or one a model size.
 *
 * @throws BimixError `missing-file`, `invalid-json`, `invalid-law`, with file and place
 *
 * @example
 * ```js
 * import { readLaw } from 'bimix/node';
 *
 * const [law] = await readLaw('law.json');
 * ```
 */
export async function readLaw(path: string): Promise<FittedLaw[]> {
  return parseLaws((await readInputFile(path)).text(), path);
}
