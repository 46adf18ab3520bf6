/**
 * JSON lines: one document a line, its text in one field. Plain, `.gz` (one or several members) or `.zst` (one or several
 * frames); UTF-8. Blank lines are skipped.
 */

import { BimixError, didYouMean, type Place } from '../errors/index.ts';
import { decodeText } from '../files/index.ts';
import { parseJsonLine } from '../observations/index.ts';
import { fileContent, inspectFile } from './byte-stream.ts';
import {
  DEFAULT_BATCH_BYTES,
  type DocumentReader,
  type FilePart,
  type ReadOptions,
  type TextBatch,
  type TextFile,
} from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { lineBlocks } from './line-blocks.ts';
import { cutParts } from './parts.ts';
import { type Meter, readPieces } from './source-file.ts';
import { hasTextName } from './text.ts';

const DEFAULT_FIELD = 'text';
const LINE_FEED = 10;

export const jsonl: DocumentReader = {
  name: 'jsonl',
  description: 'JSON lines with the text in one field, plain, .gz or .zst',

  detect(path, head) {
    if (/\.(?:jsonl|ndjson|json)(?:\.(?:gz|zst|zstd))?$/i.test(path)) return true;
    if (hasTextName(path)) return false;
    return /^\uFEFF?\s*\{\s*"/.test(Buffer.from(head.subarray(0, 1024)).toString());
  },

  /**
   * @throws BimixError `invalid-json`, `missing-field`, `invalid-field`, `invalid-text` with line and byte (of the
   * decompressed text), `invalid-gzip`, `invalid-zstd` with the byte of the compressed file, `invalid-file` (empty)
   */
  async open(path, options): Promise<TextFile> {
    const file = await inspectFile(path);
    const { compression, size } = file;
    if (size === 0) throw emptyFile(path);
    const whole: FilePart = { from: 0, to: size };
    const part = options.part ?? whole;
    const meter: Meter = { bytes: 0 };
    return {
      kind: 'text',
      format: 'jsonl',
      path,
      bytes: part.to - part.from,
      notes: [],
      bytesRead: () => meter.bytes,
      batches() {
        meter.bytes = 0;
        const chunks = compression === 'none' ? readPieces(path, part, meter) : fileContent(path, file, meter);
        return documents(path, chunks, options, part.from, part.to - part.from === size);
      },
      async parts(count) {
        if (compression !== 'none') return [whole];
        return cutParts(count, size, fraction => endOfLine(path, Math.floor(fraction * size), size));
      },
    };
  },
};

async function* documents(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { text: field = DEFAULT_FIELD, batchBytes = DEFAULT_BATCH_BYTES }: ReadOptions,
  from: number,
  isWhole: boolean,
): AsyncGenerator<TextBatch> {
  let isEmpty = true;
  let line = 0;
  for await (const block of lineBlocks(chunks, batchBytes, path)) {
    const offset = from + block.offset;
    const content = decodeText(path, block.bytes, offset);
    const texts: string[] = [];
    for (let start = 0; start < content.length; ) {
      const feed = content.indexOf('\n', start);
      const end = feed < 0 ? content.length : feed;
      const source = content.slice(start, end);
      line++;
      if (source.trim() !== '') {
        const text = textOf(source, field);
        if (text === undefined) {
          // Counted from the end: the decoded text lacks a byte order mark.
          const byte = offset + block.bytes.length - Buffer.byteLength(content.slice(start));
          throw lineError(source, field, { file: path, line: line + (await linesBefore(path, from)), byte });
        }
        texts.push(text);
      }
      start = end + 1;
    }
    isEmpty &&= texts.length === 0;
    if (texts.length > 0) yield { texts };
  }
  if (isEmpty && isWhole) throw emptyFile(path);
}

/** The text of a line, or undefined when it has none. */
function textOf(line: string, field: string): string | undefined {
  try {
    const value = fieldOf(parseJsonLine(line, {}), field);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A field by its name, or by the names of nested objects joined with dots. */
function fieldOf(record: unknown, field: string): unknown {
  if (typeof record !== 'object' || record === null) return undefined;
  if (Object.hasOwn(record, field)) return (record as Record<string, unknown>)[field];
  const dot = field.indexOf('.');
  if (dot < 0 || !Object.hasOwn(record, field.slice(0, dot))) return undefined;
  return fieldOf((record as Record<string, unknown>)[field.slice(0, dot)], field.slice(dot + 1));
}

/** What is wrong with a line that `textOf` found no text in. */
function lineError(line: string, field: string, where: Place): BimixError {
  let record: unknown;
  try {
    record = parseJsonLine(line, where);
  } catch (cause) {
    if (cause instanceof BimixError) return cause;
    throw cause;
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return new BimixError('invalid-json', 'invalid JSON line: expected an object', { where: { ...where, column: 1 } });
  }
  const value = fieldOf(record, field);
  if (value === undefined) {
    return new BimixError('missing-field', `missing field "${field}" in a JSON line`, {
      hint: `${didYouMean(field, Object.keys(record))} State it with "text: NAME".`,
      where,
    });
  }
  const kind =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : `the ${typeof value} ${value}`;
  return new BimixError('invalid-field', `invalid field "${field}" in a JSON line: ${kind}, expected text`, { where });
}

/** The place after the line that holds byte `at`. */
async function endOfLine(path: string, at: number, size: number): Promise<number> {
  // A cut that falls just after a line feed is one already.
  let position = Math.max(0, at - 1);
  for await (const piece of readPieces(path, { from: position, to: size }, { bytes: 0 })) {
    const feed = piece.indexOf(LINE_FEED);
    if (feed >= 0) return position + feed + 1;
    position += piece.length;
  }
  return size;
}

/** Lines before a part of a file: only errors need them. */
async function linesBefore(path: string, from: number): Promise<number> {
  let lines = 0;
  for await (const piece of readPieces(path, { from: 0, to: from }, { bytes: 0 })) {
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) lines++;
  }
  return lines;
}
