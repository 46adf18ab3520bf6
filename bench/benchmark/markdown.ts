/** Tables and numbers as Markdown. */

/**
 * @param rows as many cells each as the head
 * @param alignment of all columns but the first
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: 'left' | 'right' = 'right',
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 || alignment === 'left' ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

/** A fraction in percent, without the sign. */
export function percent(fraction: number, digits = 3): string {
  return (100 * fraction).toFixed(digits);
}

export const NOTHING = '–';

/** `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
