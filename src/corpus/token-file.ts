/** Files of bare ids, one after another: nanoGPT, llm.c, OLMo, NumPy; and those whose documents an index beside them marks. */

import { BimixError } from '../errors/index.ts';
import { DEFAULT_BATCH_BYTES, type FilePart, type ReadOptions, type TokenDtype, type TokenFile } from './documents.ts';
import { cutParts } from './parts.ts';
import { type Meter, readPieces } from './source-file.ts';
import { markedDocuments, splitAtEos, wholeDocument } from './split-documents.ts';
import { type IdRule, ITEM_BYTES, idRule, type TokenArray, tokensOf } from './token-dtype.ts';

/** An eos that is not among this many ids is most likely wrong. */
const PROBED = 4_194_304;

const MARKS_HINT = 'Are the ids and the index beside them of one run, and copied whole?';

export interface BareIds {
  readonly format: string;
  /** Of the file with the ids. */
  readonly path: string;
  readonly dtype: TokenDtype;
  /** Byte of the first id. */
  readonly start: number;
  /** Ids in the file; at least one. */
  readonly count: number;
  readonly notes: readonly string[];
  /** The way out when an id is beyond the vocabulary. */
  readonly hint: string;
}

/** Documents of a file, marked in ids from the first one. */
export interface DocumentMarks {
  readonly documents: number;
  /** Where a document begins; of `documents`, the number of ids. */
  beginOf(document: number): Promise<number>;
  /** Ends of these documents, in order, in pieces. */
  endsOf(from: number, to: number): AsyncIterable<Float64Array>;
}

/**
 * A file whose documents only `eos` separates; without it, the whole file is one document. Parts are ranges of ids.
 *
 * @throws BimixError `invalid-eos`
 */
export async function unmarkedTokenFile(ids: BareIds, options: ReadOptions): Promise<TokenFile> {
  const { eos } = options;
  const { count } = ids;
  const rule = idRule(ids.path, ids.dtype, options, ids.hint);
  const part = options.part ?? { from: 0, to: count };
  const meter: Meter = { bytes: 0 };
  const notes = [...ids.notes];
  if (eos === undefined) notes.push('no eos was stated: the file counts as one document');
  else if ((await afterEos({ ...ids, count: Math.min(count, PROBED) }, rule, 0, eos)) === undefined) {
    notes.push(`eos ${eos} is not among the first ids: is it the right one?`);
  }
  return {
    ...commonFields(ids, rule, part, meter),
    notes,
    batches() {
      meter.bytes = 0;
      const whole = wholeDocument(idChunks(ids, rule, part, options, meter), part.to - part.from);
      return eos === undefined ? whole : splitAtEos(whole, eos);
    },
    async parts(wanted) {
      if (eos === undefined) return [{ from: 0, to: count }];
      return cutParts(
        wanted,
        count,
        async fraction => (await afterEos(ids, rule, Math.floor(fraction * count), eos)) ?? count,
      );
    },
  };
}

/**
 * A file whose documents are marked. Parts are ranges of documents.
 *
 * @throws BimixError `invalid-eos`, `invalid-documents` where a part's marks lie in no order or beyond the ids
 */
export async function markedTokenFile(ids: BareIds, marks: DocumentMarks, options: ReadOptions): Promise<TokenFile> {
  const { eos } = options;
  const rule = idRule(ids.path, ids.dtype, options, ids.hint);
  const { from, to } = options.part ?? { from: 0, to: marks.documents };
  const range: FilePart = { from: await marks.beginOf(from), to: await marks.beginOf(to) };
  if (!(range.from <= range.to && range.to <= ids.count)) {
    const message = `invalid documents of ${ids.path}: ${from} to ${to} lie from id ${range.from} to ${range.to} of ${ids.count}`;
    throw new BimixError('invalid-documents', message, { hint: MARKS_HINT, where: { file: ids.path } });
  }
  const meter: Meter = { bytes: 0 };
  return {
    ...commonFields(ids, rule, range, meter),
    notes: ids.notes,
    batches() {
      meter.bytes = 0;
      const ends = endsFrom(marks.endsOf(from, to), range.from);
      const documents = markedDocuments(idChunks(ids, rule, range, options, meter), ends);
      return eos === undefined ? documents : splitAtEos(documents, eos);
    },
    parts: wanted => cutParts(wanted, marks.documents, fraction => firstFrom(marks, fraction * ids.count)),
  };
}

function commonFields(ids: BareIds, rule: IdRule, range: FilePart, meter: Meter) {
  return {
    kind: 'tokens' as const,
    format: ids.format,
    path: ids.path,
    bytes: (range.to - range.from) * ITEM_BYTES[ids.dtype],
    idLimit: rule.limit,
    tokens: range.to - range.from,
    bytesRead: () => meter.bytes,
  };
}

async function* idChunks(
  { path, dtype, start }: BareIds,
  rule: IdRule,
  range: FilePart,
  { batchBytes = DEFAULT_BATCH_BYTES }: ReadOptions,
  meter: Meter,
): AsyncGenerator<TokenArray> {
  const item = ITEM_BYTES[dtype];
  const pieceBytes = Math.max(1, Math.floor(batchBytes / item)) * item;
  let byte = start + range.from * item;
  for await (const piece of readPieces(path, { from: byte, to: start + range.to * item }, meter, pieceBytes)) {
    yield tokensOf(piece, rule, byte);
    byte += piece.length;
  }
}

/** The place after the first `eos` at or after id `at`, undefined when there is none. */
async function afterEos(ids: BareIds, rule: IdRule, at: number, eos: number): Promise<number | undefined> {
  // A cut just after an eos is one already.
  let position = Math.max(0, at - 1);
  const range = { from: position, to: ids.count };
  for await (const chunk of idChunks(ids, rule, range, { batchBytes: 65_536 }, { bytes: 0 })) {
    const found = chunk.indexOf(eos);
    if (found >= 0) return position + found + 1;
    position += chunk.length;
  }
  return undefined;
}

async function* endsFrom(ends: AsyncIterable<Float64Array>, base: number): AsyncGenerator<Float64Array> {
  for await (const piece of ends) yield piece.map(end => end - base);
}

/** The first document that begins at or after id `at`, by halving. */
async function firstFrom(marks: DocumentMarks, at: number): Promise<number> {
  let low = 0;
  let high = marks.documents;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await marks.beginOf(middle)) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
