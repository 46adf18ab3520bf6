/** Tables for the terminal: aligned columns without frames, numbers to the right. */

import { stripVTControlCharacters } from 'node:util';
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

/** In characters; a wider table goes on below itself. */
const WIDEST = 120;
const GAP = '  ';

/**
 * Columns that do not fit beside the others follow below, under the first column once more.
 *
 * @param head titles; a title that begins with `>` aligns its column to the right
 * @returns lines without a trailing newline
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return columnBlocks(head, rows)
    .map(columns =>
      alignedTable(
        columns.map(j => head[j]),
        rows.map(row => columns.map(j => row[j])),
      ),
    )
    .join('\n\n');
}

/** The columns of each part of the table, the first column in all of them. */
function columnBlocks(head: readonly string[], rows: readonly (readonly string[])[]): number[][] {
  const widths = head.map((title, j) => Math.max(...[titleText(title), ...rows.map(row => row[j] ?? '')].map(width)));
  const blocks: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (let j = 1; j < head.length; j++) {
    const wanted = GAP.length + widths[j];
    if (used + wanted > WIDEST) {
      blocks.push([0]);
      used = widths[0];
    }
    blocks[blocks.length - 1].push(j);
    used += wanted;
  }
  return blocks.length === 0 ? [[0]] : blocks;
}

function alignedTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new CliTable({
    head: head.map(title => pc.dim(titleText(title))),
    colAligns: head.map(title => (title.startsWith('>') ? 'right' : 'left')),
    chars: { ...NO_FRAME, middle: GAP },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map(row => [...row]));
  return table
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
}

function titleText(title: string): string {
  return title.replace(/^>/, '');
}

function width(cell: string): number {
  return Math.max(
    ...stripVTControlCharacters(cell)
      .split('\n')
      .map(line => [...line].length),
  );
}
