/** Says which columns of a table an importer left unread, by name. */

import type { DataTable } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';

/** Names in the message; all are among the items. */
const SHOWN = 20;

/** A note with the columns for which `isIgnored` holds; nothing when there are none. */
export function ignoredColumns(table: DataTable, isIgnored: (column: string) => boolean): Finding[] {
  const names = table.columns.filter(isIgnored);
  const items = names.map(column => `column "${column}" of ${table.file}`);
  const shown = names.slice(0, SHOWN).map(name => (name === '' ? 'one without a name' : name));
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  return findingOf('note', 'ignored-columns', items, count => {
    return `${counted(count, 'column')} of ${table.file} not read: ${shown.join(', ')}${more}`;
  });
}
