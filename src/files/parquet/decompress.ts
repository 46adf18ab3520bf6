/** The compressions of Parquet pages. Sizes are bounded before any memory is taken for them. */

import zlib from 'node:zlib';
import { decompress as decompressZstd } from 'fzstd';
import { compressors } from 'hyparquet-compressors';
import { decodeHadoopLz4, decodeLz4Block } from './lz4.ts';

type Decompress = (bytes: Uint8Array, size: number) => Uint8Array | undefined;

interface Codec {
  readonly decompress: Decompress;
  /** Most bytes that one compressed byte can stand for. */
  readonly expansion: number;
}

/** By their names in parquet.thrift. Native zlib where Node has it: it is bounded, and faster. */
const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['UNCOMPRESSED', { decompress: bytes => bytes, expansion: 1 }],
  ['SNAPPY', { decompress: (bytes, size) => compressors.SNAPPY?.(bytes, size), expansion: 22 }],
  ['GZIP', { decompress: (bytes, size) => zlib.gunzipSync(bytes, { maxOutputLength: size || 1 }), expansion: 1040 }],
  [
    'BROTLI',
    {
      decompress: (bytes, size) => zlib.brotliDecompressSync(bytes, { maxOutputLength: size || 1 }),
      expansion: 2 ** 20,
    },
  ],
  ['ZSTD', { decompress: bytes => decompressZstd(bytes), expansion: 2 ** 16 }],
  ['LZ4', { decompress: decodeHadoopLz4, expansion: 256 }],
  ['LZ4_RAW', { decompress: decodeLz4Block, expansion: 256 }],
] satisfies [string, Codec][]);

/** Framing and headers of a page that holds next to nothing. */
const OVERHEAD_BYTES = 4096;

export function isReadableCodec(codec: string): boolean {
  return CODECS.has(codec);
}

/** Exactly `size` bytes, or undefined when the bytes are damaged or hold another number of them. */
export function decompress(codec: string, bytes: Uint8Array, size: number): Uint8Array | undefined {
  const known = CODECS.get(codec);
  if (known === undefined || size > bytes.length * known.expansion + OVERHEAD_BYTES) return undefined;
  if (size === 0 && bytes.length === 0) return bytes;
  try {
    const page = known.decompress(bytes, size);
    return page?.length === size ? page : undefined;
  } catch {
    return undefined;
  }
}
