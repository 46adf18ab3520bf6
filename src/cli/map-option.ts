/** The option `--map`: which name belongs to which. */

import { BimixError } from '../errors/index.ts';

/**
 * @param texts `EVAL=TRAIN`, or `EVAL=` for none
 * @throws BimixError `invalid-map`
 */
export function mappingOption(texts: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    texts.map(text => {
      const [, evaluation, training] = /^([^=]+)=(.*)$/.exec(text) ?? [];
      if (evaluation === undefined) {
        throw new BimixError('invalid-map', `invalid --map ${text}: expected EVAL=TRAIN, or EVAL= for none`);
      }
      return [evaluation.trim(), training.trim() === '' ? null : training.trim()];
    }),
  );
}
