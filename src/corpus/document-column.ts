import { BimixError, didYouMean } from '../errors/index.ts';

/** Asked in this order where none is named. */
const USUAL = ['text', 'tokens', 'input_ids', 'content'];

/**
 * The column with the documents of a file that has several.
 *
 * @throws BimixError `missing-column`
 */
export function documentColumn(path: string, columns: readonly string[], wanted: string | undefined): string {
  const column = wanted === undefined ? USUAL.find(name => columns.includes(name)) : wanted;
  if (column !== undefined && columns.includes(column)) return column;
  const name = wanted === undefined ? 'with text or tokens' : `"${wanted}"`;
  throw new BimixError('missing-column', `missing column ${name} in ${path}`, {
    hint: `${wanted === undefined ? `Columns are ${columns.join(', ')}.` : didYouMean(wanted, columns)} State it as "text: NAME".`,
    where: { file: path },
  });
}
