/** NumPy's `.npy` with its header (NEP 1): a flat array of integers, little-endian. Documents need `eos`. */

import type { DocumentReader, TokenDtype } from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { hasNumpyHeader, invalidNpy, readNumpyHeader } from './numpy-header.ts';
import { type SourceFile, withSource } from './source-file.ts';
import { ITEM_BYTES } from './token-dtype.ts';
import { type BareIds, unmarkedTokenFile } from './token-file.ts';

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

async function readHeader(source: SourceFile): Promise<BareIds> {
  const { path, size } = source;
  const { descr, shape, start, textAt } = await readNumpyHeader(source, 'If it is bare ids, "format: olmo-npy".');
  const dtype = DTYPES.get(descr);
  if (dtype === undefined) {
    const hint = 'Save it as np.save(path, ids.astype("<u4")), or "<u2" when all ids are below 65536.';
    throw invalidNpy(path, `its type is ${descr}, expected one of ${[...DTYPES.keys()].join(', ')}`, textAt, hint);
  }
  // In one dimension, C and Fortran order are the same.
  if (shape.length !== 1) {
    const hint = 'Save it flat, np.save(path, ids.reshape(-1)), with an id that ends each document.';
    throw invalidNpy(path, `its shape is (${shape.join(', ')}), expected one dimension`, textAt, hint);
  }
  const [count] = shape;
  if (count === 0) throw emptyFile(path);
  const expected = start + count * ITEM_BYTES[dtype];
  if (size !== expected) {
    const trouble = `its header says ${count} ids of ${dtype}, ${expected} bytes; it has ${size}`;
    throw invalidNpy(path, trouble, Math.min(size, expected), 'Was it copied whole?');
  }
  const hint = `The header says ${dtype}: was it made with another tokenizer?`;
  return { format: 'npy', path, dtype, start, count, notes: [], hint };
}
