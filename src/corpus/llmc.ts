/**
 * llm.c's `.bin`: 256 int32 (magic 20240520 for GPT-2 or 20240801 for Llama 3, version 1 for u16 or 7 for u32, number of ids),
 * then the ids. Documents begin with the tokenizer's end-of-text id, which has to be stated as `eos`.
 */

import { BimixError } from '../errors/index.ts';
import type { DocumentReader, TokenDtype } from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { type SourceFile, withSource } from './source-file.ts';
import { ITEM_BYTES } from './token-dtype.ts';
import { unmarkedTokenFile } from './token-file.ts';

const HEADER_BYTES = 1024;
const MAGICS = [20240520, 20240801];
const EVAL_MAGIC = 20240522;
const DTYPES = new Map<number, TokenDtype>([
  [1, 'u16'],
  [7, 'u32'],
]);

export const llmc: DocumentReader = {
  name: 'llmc',
  description: "llm.c's .bin with a header of 1024 bytes",

  detect(_path, head) {
    if (head.length < 4) return false;
    const magic = new DataView(head.buffer, head.byteOffset).getInt32(0, true);
    return MAGICS.includes(magic) || magic === EVAL_MAGIC;
  },

  /** @throws BimixError `invalid-llmc` (magic, version, size), `invalid-tokens`, `invalid-eos` with the byte */
  async open(path, options) {
    const { dtype, count } = await withSource(path, readHeader);
    const hint = `The header says ${dtype}: was it made with another tokenizer?`;
    return unmarkedTokenFile({ format: 'llmc', path, dtype, start: HEADER_BYTES, count, notes: [], hint }, options);
  },
};

async function readHeader(source: SourceFile): Promise<{ readonly dtype: TokenDtype; readonly count: number }> {
  const { path, size } = source;
  if (size === 0) throw emptyFile(path);
  if (size < HEADER_BYTES) throw invalidLlmc(path, `${size} bytes are too few for a header of ${HEADER_BYTES}`, size);
  const header = await source.read(0, HEADER_BYTES);
  const magic = header.readInt32LE(0);
  if (magic === EVAL_MAGIC) throw invalidLlmc(path, 'it is an evaluation file, not a corpus', 0);
  if (!MAGICS.includes(magic)) throw invalidLlmc(path, `its magic is ${magic}, expected ${MAGICS.join(' or ')}`, 0);
  const version = header.readInt32LE(4);
  const dtype = DTYPES.get(version);
  if (dtype === undefined) throw invalidLlmc(path, `its version is ${version}, expected 1 (u16) or 7 (u32)`, 4);
  const count = header.readInt32LE(8);
  if (count === 0) throw emptyFile(path);
  const expected = HEADER_BYTES + count * ITEM_BYTES[dtype];
  if (size !== expected) {
    const trouble = `its header says ${count} ids of ${dtype}, ${expected} bytes; it has ${size}`;
    throw invalidLlmc(path, trouble, Math.max(8, Math.min(size, expected)));
  }
  return { dtype, count };
}

function invalidLlmc(path: string, trouble: string, byte: number): BimixError {
  return new BimixError('invalid-llmc', `invalid llm.c file ${path}: ${trouble}`, {
    hint: 'Was it copied whole? Files of bare ids are "format: nanogpt".',
    where: { file: path, byte },
  });
}
