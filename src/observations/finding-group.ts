/** Makes one finding of many items; nothing of none. */

import type { Finding } from './draft.ts';

/**
 * @param items what was found, one by one, for `--verbose`
 * @param message one sentence, given the count
 */
export function findingOf(
  kind: Finding['kind'],
  code: string,
  items: readonly string[],
  message: (count: number) => string,
): Finding[] {
  return items.length === 0 ? [] : [{ kind, code, message: message(items.length), count: items.length, items }];
}

/** `1 run`, `3 runs`, `2 losses`. */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun}${noun.endsWith('s') ? 'es' : 's'}`;
}
