/**
 * Parquet: a row is a document, in a column of text or of lists of ids. One row group is held at a time, of one column.
 * Damage is found by page checksums where the writer made them; otherwise where it breaks sizes, counts, levels, indices,
 * UTF-8 or ids.
 */

import { BimixError } from '../errors/index.ts';
import { hasParquetMagic, type ParquetGroup } from '../files/index.ts';
import { DEFAULT_BATCH_BYTES, type DocumentFile, type DocumentReader } from './documents.ts';
import { gatherTexts, gatherTokens } from './gather-documents.ts';
import { type Cell, type ParquetTable, parquetCells, readParquetTable } from './parquet-table.ts';
import { cutParts } from './parts.ts';
import type { Meter } from './source-file.ts';
import { splitAtEos } from './split-documents.ts';
import { checkIds, type IdRule, idRule } from './token-dtype.ts';

/** Uncompressed bytes of a row group's column beyond which a note says what it costs. */
const LARGE_GROUP = 536_870_912;

export const parquet: DocumentReader = {
  name: 'parquet',
  description: 'Parquet with a column of text or of lists of ids',

  detect: (path, head) => hasParquetMagic(head) || /\.parquet$/i.test(path),

  /**
   * @throws BimixError `invalid-parquet`, `missing-column`, `invalid-column` (neither text nor lists of integers),
   * `invalid-value` (null, not UTF-8) with row and byte of its column, `invalid-tokens`, `invalid-eos`, `invalid-file` (empty)
   */
  async open(path, options): Promise<DocumentFile> {
    const table = await readParquetTable(path, options.text);
    const all = table.file.groups;
    const groups = options.part === undefined ? all : all.slice(options.part.from, options.part.to);
    const meter: Meter = { bytes: 0 };
    const { batchBytes = DEFAULT_BATCH_BYTES, eos } = options;
    const source = {
      format: 'parquet',
      path,
      bytes: groups.reduce((sum, group) => sum + group.chunks[table.leaf.index].bytes, 0),
      notes: notesOf(table),
      bytesRead: () => meter.bytes,
      parts: (count: number) => cutParts(count, all.length, fraction => Math.ceil(fraction * all.length)),
    };
    if (table.kind === 'text') {
      return { ...source, kind: 'text', batches: () => gatherTexts(texts(table, groups, meter), batchBytes) };
    }
    const rule = idRule(path, 'i64', options, 'Was it made with another tokenizer?');
    return {
      ...source,
      kind: 'tokens',
      idLimit: rule.limit,
      tokens: null,
      batches() {
        const batches = gatherTokens(tokenLists(table, groups, rule, meter), batchBytes);
        return eos === undefined ? batches : splitAtEos(batches, eos);
      },
    };
  },
};

function notesOf({ file, leaf }: ParquetTable): string[] {
  const largest = file.groups.reduce((most, { chunks }) => Math.max(most, chunks[leaf.index].uncompressed), 0);
  if (largest < LARGE_GROUP) return [];
  return [`a row group holds ${Math.round(largest / 1e6)} MB of documents, which are in memory at once`];
}

async function* texts(table: ParquetTable, groups: readonly ParquetGroup[], meter: Meter): AsyncGenerator<string> {
  meter.bytes = 0;
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const cell of parquetCells(table, groups, meter)) {
    if (!(cell.value instanceof Uint8Array)) throw invalidValue(table, cell, kindOf(cell.value));
    let text: string;
    try {
      text = utf8.decode(cell.value);
    } catch {
      throw invalidValue(table, cell, 'bytes that are not UTF-8');
    }
    yield text;
  }
}

async function* tokenLists(
  table: ParquetTable,
  groups: readonly ParquetGroup[],
  rule: IdRule,
  meter: Meter,
): AsyncGenerator<Uint32Array> {
  meter.bytes = 0;
  for await (const cell of parquetCells(table, groups, meter)) {
    if (!Array.isArray(cell.value) && !ArrayBuffer.isView(cell.value)) {
      throw invalidValue(table, cell, kindOf(cell.value));
    }
    const list = cell.value as ArrayLike<unknown>;
    const ids = new Uint32Array(list.length);
    for (let i = 0; i < list.length; i++) {
      const id = list[i];
      if (typeof id !== 'number' && typeof id !== 'bigint') throw invalidValue(table, cell, 'a list with a null');
      ids[i] = id >= 0 && id <= 0xffffffff ? Number(id) : 0xffffffff;
    }
    checkIds(ids, rule, cell.where().byte ?? 0, 0);
    yield ids;
  }
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? 'null' : typeof value;
}

function invalidValue({ name }: ParquetTable, cell: Cell, trouble: string): BimixError {
  return new BimixError('invalid-value', `invalid value in column "${name}", row ${cell.row}: ${trouble}`, {
    hint: 'Each row must be a document: leave out rows without one.',
    where: cell.where(),
  });
}
