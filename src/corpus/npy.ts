/** NumPy's `.npy` with its header (NEP 1): a flat array of integers, little-endian. Documents need `eos`. */

import { BimixError } from '../errors/index.ts';
import type { DocumentReader, TokenDtype } from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { type SourceFile, withSource } from './source-file.ts';
import { ITEM_BYTES } from './token-dtype.ts';
import { type BareIds, unmarkedTokenFile } from './token-file.ts';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const MAX_HEADER_BYTES = 65_536;

const DTYPES = new Map<string, TokenDtype>([
  ['<u2', 'u16'],
  ['<u4', 'u32'],
  ['<i4', 'i32'],
  ['<i8', 'i64'],
  ['<u8', 'i64'],
]);

export const npy: DocumentReader = {
  name: 'npy',
  description: 'a NumPy array of ids with its header',

  detect: (_path, head) => hasNumpyHeader(head),

  /** @throws BimixError `invalid-npy` (header, type, shape, size), `invalid-tokens`, `invalid-eos` with the byte */
  async open(path, options) {
    return unmarkedTokenFile(await withSource(path, readHeader), options);
  },
};

/** OLMo's files are called `.npy` too and have none. */
export function hasNumpyHeader(head: Uint8Array): boolean {
  return MAGIC.equals(head.subarray(0, MAGIC.length));
}

async function readHeader(source: SourceFile): Promise<BareIds> {
  const { path, size } = source;
  if (size === 0) throw emptyFile(path);
  const prefix = await source.read(0, Math.min(12, size));
  if (!hasNumpyHeader(prefix))
    throw invalidNpy(path, 'it has no NumPy header', 0, 'If it is bare ids, "format: olmo-npy".');
  const isFirst = prefix[6] === 1;
  if (prefix[6] > 3) throw invalidNpy(path, `its header is of version ${prefix[6]}, expected 1 to 3`, 6);
  const headerStart = isFirst ? 10 : 12;
  if (size < headerStart) throw invalidNpy(path, 'its header is cut off', size);
  const headerBytes = isFirst ? prefix.readUInt16LE(8) : prefix.readUInt32LE(8);
  const start = headerStart + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || start > size) throw invalidNpy(path, 'its header is cut off', size);
  const header = (await source.read(headerStart, headerBytes)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || shape === undefined)
    throw invalidNpy(path, 'its header names no type or shape', headerStart);
  const dtype = DTYPES.get(descr);
  if (dtype === undefined) {
    const hint = 'Save it as np.save(path, ids.astype("<u4")), or "<u2" when all ids are below 65536.';
    throw invalidNpy(path, `its type is ${descr}, expected one of ${[...DTYPES.keys()].join(', ')}`, headerStart, hint);
  }
  // In one dimension, C and Fortran order are the same.
  const count = /^\s*\d+\s*,\s*$/.test(shape) ? Number.parseInt(shape, 10) : undefined;
  if (count === undefined) {
    const hint = 'Save it flat, np.save(path, ids.reshape(-1)), with an id that ends each document.';
    throw invalidNpy(path, `its shape is (${shape}), expected one dimension`, headerStart, hint);
  }
  if (count === 0) throw emptyFile(path);
  const expected = start + count * ITEM_BYTES[dtype];
  if (size !== expected) {
    const trouble = `its header says ${count} ids of ${dtype}, ${expected} bytes; it has ${size}`;
    throw invalidNpy(path, trouble, Math.min(size, expected), 'Was it copied whole?');
  }
  const hint = `The header says ${dtype}: was it made with another tokenizer?`;
  return { format: 'npy', path, dtype, start, count, notes: [], hint };
}

function invalidNpy(path: string, trouble: string, byte: number, hint = ''): BimixError {
  return new BimixError('invalid-npy', `invalid NumPy file ${path}: ${trouble}`, { hint, where: { file: path, byte } });
}
