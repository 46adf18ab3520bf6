/** CSV that spreadsheets take for text and numbers, never for formulas. */

import { stringify } from 'csv-stringify/sync';

/**
 * A table as CSV. Text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe before it, as
 * spreadsheets mark text; `readDelimited` takes it off again.
 */
export function csvTable(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(
    rows.map(row => row.map(cell => (typeof cell === 'string' ? cell.replace(/^(?='*[=+\-@\t\r])/, "'") : cell))),
    { quoted_match: /^#|[;\t\r\n]|^\s|\s$/ },
  );
}
