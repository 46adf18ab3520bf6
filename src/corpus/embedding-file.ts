/** Embeddings of documents from a file: a two-dimensional `.npy`, or a column of number lists in Parquet. */

import { BimixError } from '../errors/index.ts';
import { hasParquetMagic, readParquetColumn, readParquetFile } from '../files/index.ts';
import { invalidNpy, readNumpyHeader } from './numpy-header.ts';
import { type SourceFile, withSource } from './source-file.ts';

/** Rows in `values`, one after the other. */
export interface EmbeddingBatch {
  /** d. */
  readonly dimension: number;
  readonly values: Float64Array;
}

/** Names of the column that are looked for in Parquet, in this order. */
const COLUMNS = ['embedding', 'embeddings', 'vector'];
const BATCH_ROWS = 4096;

/**
 * The rows of a file, in batches. Rows of one file have one dimension.
 *
 * @param path `.npy` with N x d numbers (`<f4` or `<f8`, C order), or Parquet with a column `embedding` (or `embeddings`,
 *   `vector`) of lists
 * @throws BimixError `invalid-npy`, `invalid-parquet`, `missing-column`, `invalid-embeddings`, `missing-file`
 */
export async function* readEmbeddings(path: string): AsyncGenerator<EmbeddingBatch> {
  const isParquet = await withSource(path, async source =>
    hasParquetMagic(await source.read(0, Math.min(4, source.size))),
  );
  yield* isParquet ? parquetRows(path) : numpyRows(path);
}

async function* numpyRows(path: string): AsyncGenerator<EmbeddingBatch> {
  const { descr, isFortran, shape, start, textAt, size } = await withSource(path, async source => ({
    ...(await readNumpyHeader(source)),
    size: source.size,
  }));
  const itemBytes = descr === '<f4' ? 4 : descr === '<f8' ? 8 : 0;
  if (itemBytes === 0)
    throw invalidNpy(
      path,
      `its type is ${descr}, expected <f4 or <f8`,
      textAt,
      'Save it as np.save(path, x.astype("<f4")).',
    );
  if (shape.length !== 2 || isFortran) {
    const order = isFortran ? ' in Fortran order' : '';
    throw invalidNpy(
      path,
      `its shape is (${shape.join(', ')})${order}, expected documents x dimensions in C order`,
      textAt,
    );
  }
  const [rows, dimension] = shape;
  if (dimension === 0) throw invalidNpy(path, `its ${rows} rows have no numbers`, textAt);
  const expected = start + rows * dimension * itemBytes;
  if (size !== expected) {
    throw invalidNpy(
      path,
      `its header says ${rows} x ${dimension} of ${descr}, ${expected} bytes; it has ${size}`,
      Math.min(size, expected),
    );
  }
  for (let row = 0; row < rows; row += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, rows - row) * dimension;
    const bytes = await withSource(path, (source: SourceFile) =>
      source.read(start + row * dimension * itemBytes, count * itemBytes),
    );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = (n: number): number => (itemBytes === 4 ? view.getFloat32(n * 4, true) : view.getFloat64(n * 8, true));
    yield { dimension, values: Float64Array.from({ length: count }, (_, n) => at(n)) };
  }
}

async function* parquetRows(path: string): AsyncGenerator<EmbeddingBatch> {
  const file = await withSource(path, readParquetFile);
  const column = COLUMNS.flatMap(name => file.columns.filter(column => column.name === name)).at(0);
  if (column === undefined) {
    throw new BimixError(
      'missing-column',
      `missing column of embeddings in ${path}: expected one of ${COLUMNS.join(', ')}`,
      { where: { file: path } },
    );
  }
  for (const group of file.groups) {
    const cells = await withSource(path, source => readParquetColumn(source, file, group, column, { textOf: jsonOf }));
    for (let from = 0; from < group.rows; from += BATCH_ROWS) {
      const rows = Array.from({ length: Math.min(BATCH_ROWS, group.rows - from) }, (_, n) => from + n);
      const vectors = rows.map(row => vectorOf(cells[row], path, group.firstRow + row));
      const dimension = vectors[0].length;
      const other = vectors.findIndex(vector => vector.length !== dimension);
      if (other >= 0) {
        const trouble = `it has ${vectors[other].length} numbers, others ${dimension}`;
        throw invalidRow(path, group.firstRow + from + other, trouble);
      }
      yield { dimension, values: Float64Array.from(vectors.flat()) };
    }
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

function vectorOf(value: unknown, path: string, row: number): number[] {
  const vector =
    Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>, Number) : [];
  if (vector.length === 0 || !vector.every(Number.isFinite)) throw invalidRow(path, row, 'it is no list of numbers');
  return vector;
}

function invalidRow(path: string, row: number, trouble: string): BimixError {
  return new BimixError('invalid-embeddings', `invalid embedding in row ${row} of ${path}: ${trouble}`, {
    where: { file: path },
  });
}
