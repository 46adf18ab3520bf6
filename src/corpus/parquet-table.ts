/** The documents' column of a Parquet file, a row group at a time. */

import type { SchemaTree } from 'hyparquet';
import { BimixError, type Place } from '../errors/index.ts';
import {
  type ParquetColumn,
  type ParquetFile,
  type ParquetGroup,
  type ParquetLeaf,
  readParquetColumn,
  readParquetFile,
} from '../files/index.ts';
import { documentColumn } from './document-column.ts';
import { emptyFile } from './empty-file.ts';
import { type Meter, withSource } from './source-file.ts';

export interface ParquetTable {
  readonly file: ParquetFile;
  readonly column: ParquetColumn;
  readonly leaf: ParquetLeaf;
  /** As the user names it: of the top level, or of nested structures joined with dots. */
  readonly name: string;
  /** Names inside the column that lead to a document. */
  readonly inside: readonly string[];
  readonly kind: 'text' | 'tokens';
}

/**
 * Reads the footer.
 *
 * @param wanted name of the column; of one inside structures, the names joined with dots
 * @throws BimixError `invalid-parquet`, `missing-column`, `invalid-column`, `invalid-file` (empty)
 */
export async function readParquetTable(path: string, wanted: string | undefined): Promise<ParquetTable> {
  return withSource(path, async source => {
    if (source.size === 0) throw emptyFile(path);
    const file = await readParquetFile(source);
    const found = findColumn(file, wanted);
    const { leaf, kind } = documentsIn(path, found);
    if (file.rows === 0) throw emptyFile(path, 'it has no rows');
    return { file, column: found.column, leaf, name: found.name, inside: found.inside, kind };
  });
}

interface FoundColumn {
  readonly column: ParquetColumn;
  readonly name: string;
  readonly inside: readonly string[];
  readonly node: SchemaTree;
}

function findColumn(file: ParquetFile, wanted: string | undefined): FoundColumn {
  const all = file.columns.flatMap(column => [
    { column, name: column.name, inside: [], node: column.tree },
    ...membersOf(column.tree, []).map(({ inside, node }) => ({
      column,
      name: [column.name, ...inside].join('.'),
      inside,
      node,
    })),
  ]);
  const names = all.map(({ name }) => name);
  const name = documentColumn(file.path, names, wanted);
  return all[names.indexOf(name)];
}

/** The members of a structure, and of structures inside it. */
function membersOf(tree: SchemaTree, above: readonly string[]): { inside: string[]; node: SchemaTree }[] {
  if (!isStructure(tree)) return [];
  return tree.children.flatMap(node => {
    const inside = [...above, node.element.name];
    return [{ inside, node }, ...membersOf(node, inside)];
  });
}

function isStructure({ children, element }: SchemaTree): boolean {
  const isList = element.repetition_type === 'REPEATED' || children.some(isRepeated);
  return children.length > 0 && !isList;
}

function isRepeated({ element }: SchemaTree): boolean {
  return element.repetition_type === 'REPEATED';
}

function documentsIn(path: string, { column, name, node }: FoundColumn): Pick<ParquetTable, 'leaf' | 'kind'> {
  const leaves = column.leaves.filter(({ nodes }) => nodes.includes(node));
  const [leaf] = leaves;
  const lists = leaf.nodes.filter(isRepeated).length;
  const { type } = leaf.nodes[leaf.nodes.length - 1].element;
  if (leaves.length === 1 && !isStructure(node)) {
    if (lists === 0 && type === 'BYTE_ARRAY') return { leaf, kind: 'text' };
    if (lists === 1 && (type === 'INT32' || type === 'INT64')) return { leaf, kind: 'tokens' };
  }
  const members = membersOf(node, []).map(({ inside }) => [name, ...inside].join('.'));
  const kind = isStructure(node)
    ? 'a structure'
    : `${'lists of '.repeat(lists)}${leaves.length > 1 ? 'structures' : type}`;
  const inner = members.length > 0 ? ` Name what is inside it, such as "text: ${members[0]}".` : '';
  throw new BimixError('invalid-column', `invalid column "${name}" in ${path}: ${kind}`, {
    hint: `It must be text, or lists of integers.${inner || ' State another one as "text: NAME".'}`,
    where: { file: path },
  });
}

export interface Cell {
  /** Bytes of a text, a list of numbers, or null. */
  readonly value: unknown;
  /** Counted from 1. */
  readonly row: number;
  /** With the byte of the row group's column: rows have none of their own. */
  where(): Place;
}

/** @throws BimixError `invalid-parquet` with the byte of the page or column that is damaged */
export async function* parquetCells(
  { file, column, leaf, inside }: ParquetTable,
  groups: readonly ParquetGroup[],
  meter: Meter,
): AsyncGenerator<Cell> {
  const { path } = file;
  for (const group of groups) {
    const { byte, bytes } = group.chunks[leaf.index];
    const cells = await withSource(path, source => readParquetColumn(source, file, group, column, { leaves: [leaf] }));
    meter.bytes += bytes;
    for (let i = 0; i < group.rows; i++) {
      const row = group.firstRow + i + 1;
      yield { value: memberOf(cells[i], inside), row, where: () => ({ file: path, line: row, byte }) };
    }
  }
}

function memberOf(cell: unknown, inside: readonly string[]): unknown {
  let value = cell;
  for (const name of inside) value = (value as Record<string, unknown> | null | undefined)?.[name];
  return value;
}
