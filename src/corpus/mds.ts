/**
 * MosaicML's MDS: a folder of shards with `index.json`. A sample is a document, its text in a column `str`, or its ids in a
 * column `ndarray` or `bytes` (then of `dtype`, i64 unless stated). Shards may be compressed with gz or zstd.
 */

import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import { decodeUtf8 } from '../files/index.ts';
import { documentColumn } from './document-column.ts';
import {
  DEFAULT_BATCH_BYTES,
  type DocumentFile,
  type DocumentReader,
  type FilePart,
  type ReadOptions,
  type TokenDtype,
} from './documents.ts';
import { checkDtype } from './dtype-check.ts';
import { emptyFile } from './empty-file.ts';
import { gatherTexts, gatherTokens } from './gather-documents.ts';
import { mdsArray } from './mds-array.ts';
import { invalidMds, isMdsFolder, MDS_INDEX, type MdsShard, readMdsIndex } from './mds-index.ts';
import { type MdsValue, mdsValues } from './mds-shard.ts';
import { cutParts } from './parts.ts';
import type { Meter } from './source-file.ts';
import { splitAtEos } from './split-documents.ts';
import { idRule, type TokenArray, tokensOf, wholeIds } from './token-dtype.ts';

export const mds: DocumentReader = {
  name: 'mds',
  description: "MosaicML's folder of MDS shards",

  detect: file => isMdsFolder(folderOf(file)),

  /**
   * @throws BimixError `missing-file`, `invalid-mds`, `missing-column`, `invalid-column`, `invalid-text`, `invalid-dtype`,
   * `invalid-tokens`, `invalid-eos` with the byte in the decompressed shard, `invalid-gzip`, `invalid-zstd`
   */
  async open(file, options): Promise<DocumentFile> {
    const folder = folderOf(file);
    const all = await readMdsIndex(folder);
    if (all.length === 0) throw emptyFile(path.join(folder, MDS_INDEX));
    const column = documentColumn(
      folder,
      all[0].columns.map(({ name }) => name),
      options.text,
    );
    const encoding = encodingOf(folder, all, column);
    const part = options.part ?? { from: 0, to: all.length };
    const shards = all.slice(part.from, part.to);
    const meter: Meter = { bytes: 0 };
    const { batchBytes = DEFAULT_BATCH_BYTES, eos } = options;
    const source = {
      format: 'mds',
      path: folder,
      bytes: bytesOf(shards),
      bytesRead: () => meter.bytes,
      parts: (count: number): Promise<FilePart[]> => cutParts(count, all.length, fraction => shardAfter(all, fraction)),
    };
    if (encoding === 'str') {
      const batches = () => gatherTexts(texts(shards, column, meter), batchBytes);
      return { ...source, kind: 'text', notes: [], batches };
    }
    const notes = eos === undefined ? ['no eos was stated: each sample counts as a document'] : [];
    const { limit } = idRule(folder, 'u32', options, '');
    return {
      ...source,
      kind: 'tokens',
      notes,
      idLimit: limit,
      tokens: null,
      batches() {
        const batches = gatherTokens(samples(shards, column, encoding, options, meter), batchBytes);
        return eos === undefined ? batches : splitAtEos(batches, eos);
      },
    };
  },
};

/** The folder, also of the path of its index. */
function folderOf(file: string): string {
  return path.basename(file) === MDS_INDEX ? path.dirname(file) : file;
}

function encodingOf(folder: string, shards: readonly MdsShard[], column: string): string {
  const encodings = new Set(shards.map(({ columns }) => columns.find(({ name }) => name === column)?.encoding));
  const [encoding = ''] = encodings;
  if (encodings.size === 1 && /^(?:str|bytes|ndarray(?::.*)?)$/.test(encoding)) return encoding;
  const found = encodings.size === 1 ? encoding : [...encodings].map(one => one ?? 'none').join(' and ');
  throw new BimixError('invalid-column', `invalid column "${column}" in ${folder}: its encoding is ${found}`, {
    hint: 'It must be str, ndarray or bytes, in all shards. State another one as "text: NAME".',
    where: { file: path.join(folder, MDS_INDEX) },
  });
}

async function* values(shards: readonly MdsShard[], column: string, meter: Meter) {
  meter.bytes = 0;
  let done = 0;
  for (const shard of shards) {
    const own: Meter = { bytes: 0 };
    for await (const value of mdsValues(shard, column, own)) {
      meter.bytes = done + own.bytes;
      yield { shard, value };
    }
    done += shard.bytes;
  }
}

async function* texts(shards: readonly MdsShard[], column: string, meter: Meter): AsyncGenerator<string> {
  for await (const { shard, value } of values(shards, column, meter)) {
    yield decodeUtf8(shard.path, value.bytes, value.byte);
  }
}

async function* samples(
  shards: readonly MdsShard[],
  column: string,
  encoding: string,
  options: ReadOptions,
  meter: Meter,
): AsyncGenerator<TokenArray> {
  for await (const { shard, value } of values(shards, column, meter)) {
    const { dtype, start } = encoding === 'bytes' ? bareIds(shard, value, options) : arrayIds(shard, value, encoding);
    const bytes = Buffer.from(value.bytes.buffer.slice(start));
    wholeIds(shard.path, dtype, value.byte + start, bytes.length);
    const rule = idRule(shard.path, dtype, options, 'Was it made with another tokenizer?');
    yield tokensOf(bytes, rule, value.byte + start);
  }
}

function bareIds(shard: MdsShard, value: MdsValue, options: ReadOptions): { dtype: TokenDtype; start: number } {
  const { dtype = 'i64' } = options;
  checkDtype(shard.path, value.bytes, dtype, value.byte);
  return { dtype, start: 0 };
}

function arrayIds(shard: MdsShard, value: MdsValue, encoding: string): { dtype: TokenDtype; start: number } {
  const array = mdsArray(encoding, value.bytes);
  if (typeof array === 'string') throw invalidMds(shard.path, `an array cannot be read: ${array}`, value.byte);
  return array;
}

function bytesOf(shards: readonly MdsShard[]): number {
  return shards.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The first shard that begins at or after this fraction of all bytes. */
function shardAfter(shards: readonly MdsShard[], fraction: number): number {
  const target = fraction * bytesOf(shards);
  let at = 0;
  let begin = 0;
  while (at < shards.length && begin < target) begin += shards[at++].bytes;
  return at;
}
