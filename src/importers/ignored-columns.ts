/** Says which columns of a table an importer left unread. */

import type { DataTable } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';

/** A note with the columns for which `isIgnored` holds; nothing when there are none. */
export function ignoredColumns(table: DataTable, isIgnored: (column: string) => boolean): Finding[] {
  const names = table.columns.filter(isIgnored).map(column => `column "${column}" of ${table.file}`);
  return findingOf('note', 'ignored-columns', names, count => `${counted(count, 'column')} not read`);
}
