/** Tables for the terminal: aligned columns without frames, numbers to the right. */

import CliTable from 'cli-table3';
import pc from 'picocolors';

const NO_FRAME = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map(part => [part, '']),
);

/**
 * @param head titles; a title that begins with `>` aligns its column to the right
 * @returns lines without a trailing newline
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new CliTable({
    head: head.map(title => pc.dim(title.replace(/^>/, ''))),
    colAligns: head.map(title => (title.startsWith('>') ? 'right' : 'left')),
    chars: { ...NO_FRAME, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map(row => [...row]));
  return table
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
}
