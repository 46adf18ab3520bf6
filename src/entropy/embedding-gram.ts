/**
 * All that the von Neumann entropy needs of N embeddings of dimension d: the d x d sum of x x' over rows x scaled to unit
 * length. Batches add to it and parts merge, so N is not the limit.
 */

import { BimixError } from '../errors/index.ts';

/** Rows taken together: their columns stay in the fastest cache. */
const BLOCK = 64;

export interface EmbeddingGram {
  /** d. */
  readonly dimension: number;
  /** N so far. */
  rows: number;
  /** d x d, row-major: sum of x x'. Only the upper triangle is kept. */
  readonly sums: Float64Array;
}

export function emptyGram(dimension: number): EmbeddingGram {
  return { dimension, rows: 0, sums: new Float64Array(dimension * dimension) };
}

/**
 * Adds rows to `gram`; none when one of them is refused.
 *
 * @param embeddings row-major, a whole number of rows of `gram.dimension` numbers; of any length but zero
 * @throws BimixError `invalid-embeddings` naming the row, counted from 0 over all batches
 */
export function addEmbeddings(gram: EmbeddingGram, embeddings: Float32Array | Float64Array): void {
  const { dimension: d, sums } = gram;
  if (embeddings.length % d !== 0) {
    const message = `invalid embeddings: ${embeddings.length} numbers are not a whole number of rows of ${d}`;
    throw new BimixError('invalid-embeddings', message);
  }
  const rows = embeddings.length / d;
  const units = new Float64Array(embeddings.length);
  for (let i = 0; i < rows; i++) writeUnit(embeddings, i * d, d, units, gram.rows + i);
  for (let start = 0; start < rows; start += BLOCK) addBlock(sums, units, d, start, Math.min(BLOCK, rows - start));
  gram.rows += rows;
}

/** Adds x x' of `count` rows; by columns, so that each sum is touched once a block. */
function addBlock(sums: Float64Array, units: Float64Array, d: number, start: number, count: number): void {
  const columns = new Float64Array(d * count);
  for (let i = 0; i < count; i++) {
    for (let a = 0; a < d; a++) columns[a * count + i] = units[(start + i) * d + a];
  }
  for (let a = 0; a < d; a++) {
    for (let b = a; b < d; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += columns[a * count + i] * columns[b * count + i];
      sums[a * d + b] += sum;
    }
  }
}

/**
 * The Gram of all rows together. Sums are rounded, so merge in one fixed order where results must not differ in the last bit.
 *
 * @throws BimixError `invalid-embeddings` when the dimensions differ
 */
export function mergeGrams(first: EmbeddingGram, ...others: readonly EmbeddingGram[]): EmbeddingGram {
  const merged = { dimension: first.dimension, rows: first.rows, sums: first.sums.slice() };
  for (const { dimension, rows, sums } of others) {
    if (dimension !== merged.dimension) {
      const message = `invalid embeddings: dimensions ${merged.dimension} and ${dimension} do not go together`;
      throw new BimixError('invalid-embeddings', message, { hint: 'Embed all documents with one model.' });
    }
    merged.rows += rows;
    for (let k = 0; k < sums.length; k++) merged.sums[k] += sums[k];
  }
  return merged;
}

/** Writes the row at `start` scaled to length 1; by its largest number first, so that no square overflows. */
function writeUnit(from: Float32Array | Float64Array, start: number, d: number, to: Float64Array, row: number): void {
  let largest = 0;
  for (let a = start; a < start + d; a++) {
    const size = Math.abs(from[a]);
    if (!(size < Number.POSITIVE_INFINITY)) {
      const message = `invalid embeddings: row ${row} (from 0) has ${from[a]} at ${a - start}, expected a number`;
      throw new BimixError('invalid-embeddings', message);
    }
    largest = Math.max(largest, size);
  }
  if (largest === 0) {
    const message = `invalid embeddings: row ${row} (from 0) is all zeros and has no direction`;
    throw new BimixError('invalid-embeddings', message, { hint: 'Leave documents without text out.' });
  }
  let squares = 0;
  for (let a = start; a < start + d; a++) squares += (from[a] / largest) ** 2;
  const length = Math.sqrt(squares);
  for (let a = start; a < start + d; a++) to[a] = from[a] / largest / length;
}
