/**
 * Plain text, UTF-8, plain or compressed: a file is one document. A file too large to be one (beyond `WHOLE_BYTES`) is cut
 * at blank lines into documents of about `PIECE_BYTES`.
 */

import { decodeText } from '../files/index.ts';
import { fileContent, inspectFile } from './byte-stream.ts';
import type { DocumentReader, TextBatch, TextFile } from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { cutParts } from './parts.ts';
import { type Meter, readPieces, withSource } from './source-file.ts';

/** Largest file that is one document. */
const WHOLE_BYTES = 8_388_608;
const PIECE_BYTES = 1_048_576;
/** A cut is sought this far after each multiple of `PIECE_BYTES`, so that it depends on nothing before it. */
const WINDOW_BYTES = PIECE_BYTES / 2;

export const text: DocumentReader = {
  name: 'text',
  description: 'plain text, a document a file',

  detect(path, head) {
    if (hasTextName(path)) return true;
    // A few ids may look like letters.
    return head.length > 0 && !hasBinaryName(path) && isText(head);
  },

  /** @throws BimixError `invalid-text` with the byte, `invalid-gzip`, `invalid-zstd`, `invalid-file` (empty) */
  async open(path, { part }): Promise<TextFile> {
    const file = await inspectFile(path);
    const { compression, size } = file;
    if (size === 0) throw emptyFile(path);
    const isPlain = compression === 'none';
    const isCut = isPlain && size > WHOLE_BYTES;
    const range = part ?? { from: 0, to: size };
    const meter: Meter = { bytes: 0 };
    return {
      kind: 'text',
      format: 'text',
      path,
      bytes: range.to - range.from,
      notes: isCut || !isPlain ? [noteOf(isCut)] : [],
      bytesRead: () => meter.bytes,
      batches() {
        meter.bytes = 0;
        const chunks = isPlain ? readPieces(path, range, meter) : fileContent(path, file, meter);
        return documents(path, chunks, range.from, isCut);
      },
      async parts(count) {
        if (!isCut) return [{ from: 0, to: size }];
        return cutParts(count, size, fraction => cutAfter(path, Math.ceil(fraction * size), size));
      },
    };
  },
};

/** A name that says text, whatever the text looks like. */
export function hasTextName(path: string): boolean {
  return /\.(?:txt|text|md)(?:\.(?:gz|zst|zstd))?$/i.test(path);
}

/** Names of formats of ids, and of Parquet; `.bin` says nothing. */
function hasBinaryName(path: string): boolean {
  return /\.(?:npy|idx|ds|mds|parquet)$/i.test(path);
}

function noteOf(isCut: boolean): string {
  return `${isCut ? 'it is' : 'if its text is longer than 8 MiB, it is'} cut into documents of about 1 MiB at blank lines`;
}

async function* documents(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  from: number,
  isCut: boolean,
): AsyncGenerator<TextBatch> {
  let isEmpty = true;
  for await (const { bytes, offset } of pieces(chunks, from, isCut)) {
    const text = decodeText(path, bytes, offset);
    if (text === '') continue;
    isEmpty = false;
    yield { texts: [text] };
  }
  if (isEmpty) throw emptyFile(path);
}

async function* pieces(
  chunks: AsyncIterable<Uint8Array>,
  from: number,
  isCut: boolean,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly offset: number }> {
  let held: Uint8Array[] = [];
  let offset = from;
  let end = from;
  let next = (Math.floor(from / PIECE_BYTES) + 1) * PIECE_BYTES;
  for await (const chunk of chunks) {
    held.push(chunk);
    end += chunk.length;
    if (!isCut && end <= WHOLE_BYTES) continue;
    while (end >= next + WINDOW_BYTES) {
      const bytes = Buffer.concat(held);
      const cut = next - offset + cutIn(bytes.subarray(next - offset, next - offset + WINDOW_BYTES));
      yield { bytes: bytes.subarray(0, cut), offset };
      held = [bytes.subarray(cut)];
      offset += cut;
      next += PIECE_BYTES;
    }
  }
  if (end > offset) yield { bytes: Buffer.concat(held), offset };
}

/** After the first blank line, else after the first line, else before the last character. */
function cutIn(window: Buffer): number {
  const blank = /\n\r?\n/.exec(window.toString('latin1'));
  if (blank !== null) return blank.index + blank[0].length;
  const line = window.indexOf('\n') + 1;
  if (line > 0) return line;
  let start = window.length - 1;
  while (start > 0 && (window[start] & 0xc0) === 0x80) start--;
  return start;
}

/** The first cut of the whole file at or after byte `at`, which is not 0. */
async function cutAfter(path: string, at: number, size: number): Promise<number> {
  const next = Math.ceil(at / PIECE_BYTES) * PIECE_BYTES;
  if (next + WINDOW_BYTES > size) return size;
  return next + cutIn(await withSource(path, source => source.read(next, WINDOW_BYTES)));
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
