/** Bytes cut into blocks of whole lines. */

import { BimixError } from '../errors/index.ts';

const LINE_FEED = 10;

/** Longest line that is read: a document must fit into a JavaScript string. */
const MAX_LINE_BYTES = 268_435_456;

export interface LineBlock {
  readonly bytes: Uint8Array;
  /** Of its first byte, from the beginning of the stream. */
  readonly offset: number;
}

/**
 * Blocks of at least `blockBytes`, each ending with a line feed; the last is what remains.
 *
 * @param path for errors
 * @throws BimixError `invalid-text` when a line is longer than `MAX_LINE_BYTES`
 */
export async function* lineBlocks(
  chunks: AsyncIterable<Uint8Array>,
  blockBytes: number,
  path: string,
): AsyncGenerator<LineBlock> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let offset = 0;
  // Doubles while no line ends, so that a long line is not searched over and over.
  let wanted = blockBytes;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    held += chunk.length;
    if (held < wanted) continue;
    const bytes = pieces.length === 1 ? chunk : Buffer.concat(pieces, held);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      if (held > MAX_LINE_BYTES) throw tooLong(path, offset);
      pieces = [bytes];
      wanted = 2 * held;
      continue;
    }
    yield { bytes: bytes.subarray(0, end), offset };
    offset += end;
    pieces = [bytes.subarray(end)];
    held -= end;
    wanted = blockBytes;
  }
  if (held > MAX_LINE_BYTES) throw tooLong(path, offset);
  if (held > 0) yield { bytes: Buffer.concat(pieces, held), offset };
}

function tooLong(path: string, byte: number): BimixError {
  return new BimixError('invalid-text', `invalid text file ${path}: a line is longer than ${MAX_LINE_BYTES} bytes`, {
    hint: 'Is it text with a document a line?',
    where: { file: path, byte },
  });
}
