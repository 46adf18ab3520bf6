/** A mixture written out on the command line: `web=0.6,code=0.4`. */

import { isWeight, type WrittenMixture } from './written-mixture.ts';

/** A name up to the last `=` or `:`, and a number. */
const ENTRY = /^\s*(.+?)\s*[=:]\s*([^=:]*?)\s*$/;

/**
 * Reads `web=0.6,code=0.4`, `web:60%,code:40%`; undefined when the text is not of this form.
 *
 * An entry whose weight is not a number is left for `resolveMixture` to refuse, as long as another entry has one.
 */
export function parseInlineMixture(text: string): WrittenMixture | undefined {
  const entries = text.split(',').map(entry => ENTRY.exec(entry));
  if (entries.some(entry => entry === null)) return undefined;
  const shares = (entries as RegExpExecArray[]).map(([, name, weight]) => ({ names: [name], weight, keys: [name] }));
  return shares.some(({ weight }) => isWeight(weight)) ? { shares, kind: 'shares', arePaths: false } : undefined;
}
