/**
 * Zstandard streams (RFC 8878): frames one after another, skippable frames between them. Blocks are decoded by fzstd; what
 * fzstd leaves out is done here: every frame of the file is read, sizes and content checksums are verified, and a file that
 * ends early or goes on with something else is refused.
 */

import { Decompress } from 'fzstd';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { BimixError } from '../errors/index.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';

const FRAME_MAGIC = 0xfd2fb528;
/** The last four bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a50;

/** What `zstd` itself decodes unless told otherwise, and what `--long` without a number makes. */
const MAX_WINDOW = 1 << 27;
const MAX_BLOCK = 1 << 17;

/** Whether a file begins like zstd: with a frame or a skippable frame. */
export function isZstd(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  return magic === FRAME_MAGIC || isSkippable(magic);
}

/**
 * Decompresses chunk by chunk; holds one window and one block.
 *
 * @param chunks the compressed file
 * @param path for errors
 * @throws BimixError `invalid-zstd` with the byte in the compressed file
 */
export async function* zstdContent(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const hashes = await xxhash();
  const iterator = chunks[Symbol.asyncIterator]();
  const stream = zstdStream(path, byteReader(iterator));
  try {
    for (;;) {
      const start = stream.position();
      const magicBytes = await stream.atMost(4);
      if (magicBytes.length === 0) return;
      const magic = magicBytes.length === 4 ? uint32(magicBytes, 0) : Number.NaN;
      if (isSkippable(magic)) await stream.skip(uint32(await stream.exactly(4), 0));
      else if (magic === FRAME_MAGIC) yield* frameContent(stream, magicBytes, hashes);
      else if (start === 0) throw invalidZstd(path, 'it does not begin with a frame', 0);
      else throw invalidZstd(path, 'something that is not a frame follows the last one', start);
    }
  } finally {
    await iterator.return?.();
  }
}

async function* frameContent(stream: ZstdStream, magic: Uint8Array, hashes: XXHashAPI): AsyncGenerator<Uint8Array> {
  const start = stream.position() - 4;
  const header = await readHeader(stream);
  const hash = hashes.create64();
  let decoded: Uint8Array[] = [];
  let size = 0;
  const decoder = new Decompress(chunk => {
    if (chunk.length > 0) decoded.push(chunk);
  });
  const decode = (bytes: Uint8Array, isEnd = false) => {
    try {
      decoder.push(bytes, isEnd);
    } catch (cause) {
      throw invalidZstd(
        stream.path,
        'it is damaged, a block cannot be decoded',
        stream.position() - bytes.length,
        cause,
      );
    }
    for (const chunk of decoded) {
      size += chunk.length;
      if (header.hasChecksum) hash.update(chunk);
    }
    const out = decoded;
    decoded = [];
    return out;
  };

  // The copy that fzstd reads says that there is no checksum: it is read here.
  header.bytes[0] &= ~CHECKSUM_FLAG;
  decode(magic);
  decode(header.bytes);
  for (let isLast = false; !isLast; ) {
    const block = await readBlock(stream, header.maxBlock);
    isLast = block.isLast;
    // Apart: fzstd clears its queue only where it holds bytes. Whole blocks leave empty views in it, and each would keep
    // its block in memory until the frame ends.
    yield* decode(block.head);
    if (block.body.length > 0) yield* decode(block.body);
  }
  yield* decode(new Uint8Array(0), true);

  if (header.contentSize !== undefined && size !== header.contentSize) {
    const trouble = `a frame holds ${size} bytes, its header says ${header.contentSize}`;
    throw invalidZstd(stream.path, trouble, start);
  }
  if (header.hasChecksum) {
    const expected = uint32(await stream.exactly(4), 0);
    if (Number(hash.digest() & 0xffffffffn) !== expected) {
      throw invalidZstd(
        stream.path,
        `it is damaged, the checksum of the frame at byte ${start} differs`,
        stream.position(),
      );
    }
  }
}

interface FrameHeader {
  /** A copy, without the magic. */
  readonly bytes: Uint8Array;
  readonly hasChecksum: boolean;
  readonly contentSize: number | undefined;
  readonly maxBlock: number;
}

const CHECKSUM_FLAG = 4;

/** RFC 8878, section 3.1.1.1. */
async function readHeader(stream: ZstdStream): Promise<FrameHeader> {
  const start = stream.position();
  const [descriptor] = await stream.exactly(1);
  const isSingleSegment = (descriptor & 32) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  const rest = await stream.exactly((isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes);
  if ((descriptor & 8) !== 0) throw invalidZstd(stream.path, 'a reserved bit of a frame header is set', start);
  if (dictionaryBytes > 0) {
    throw new BimixError('invalid-zstd', `invalid zstd file ${stream.path}: it needs a dictionary`, {
      hint: 'Decompress it with the dictionary and compress it again without one.',
      where: { file: stream.path, byte: start },
    });
  }
  const contentSize = sizeBytes === 0 ? undefined : readSize(rest.subarray(rest.length - sizeBytes));
  const window = isSingleSegment ? (contentSize as number) : windowSize(rest[0]);
  if (window > MAX_WINDOW) {
    const trouble = `a frame needs a window of ${Math.ceil(window / 2 ** 20)} MiB, at most ${MAX_WINDOW / 2 ** 20} are read`;
    throw invalidZstd(stream.path, trouble, start);
  }
  return {
    bytes: Uint8Array.from([descriptor, ...rest]),
    hasChecksum: (descriptor & CHECKSUM_FLAG) !== 0,
    contentSize,
    maxBlock: Math.min(window, MAX_BLOCK),
  };
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** One, two (less 256), four or eight bytes. */
function readSize(bytes: Uint8Array): number {
  const low = bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  return bytes.length === 2 ? low + 256 : low;
}

/** One block with its header, RFC 8878, section 3.1.1.2. */
async function readBlock(
  stream: ZstdStream,
  maxBlock: number,
): Promise<{ readonly head: Uint8Array; readonly body: Uint8Array; readonly isLast: boolean }> {
  const start = stream.position();
  const head = await stream.exactly(3);
  const [a, b, c] = head;
  const type = (a >> 1) & 3;
  const size = (a >> 3) | (b << 5) | (c << 13);
  if (type === 3) throw invalidZstd(stream.path, 'it is damaged, a block is of no known type', start);
  if (size > maxBlock) throw invalidZstd(stream.path, `it is damaged, a block of ${size} bytes is too large`, start);
  const body = await stream.exactly(type === RUN_LENGTH ? 1 : size);
  return { head, body, isLast: (a & 1) === 1 };
}

const RUN_LENGTH = 1;

interface ZstdStream {
  readonly path: string;
  position(): number;
  atMost(length: number): Promise<Uint8Array>;
  exactly(length: number): Promise<Uint8Array>;
  skip(length: number): Promise<void>;
}

function zstdStream(path: string, reader: ByteReader): ZstdStream {
  const check = (isThere: boolean) => {
    if (!isThere) throw invalidZstd(path, 'it is truncated', reader.position());
  };
  return {
    path,
    position: reader.position,
    atMost: reader.take,
    async exactly(length) {
      const bytes = await reader.take(length);
      check(bytes.length === length);
      return bytes;
    },
    async skip(length) {
      check((await reader.skip(length)) === length);
    },
  };
}

function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

function invalidZstd(path: string, trouble: string, byte: number, cause?: unknown): BimixError {
  return new BimixError('invalid-zstd', `invalid zstd file ${path}: ${trouble}`, {
    hint: 'Copy or download the file again, or check it with `zstd -t`.',
    where: { file: path, byte },
    cause,
  });
}
