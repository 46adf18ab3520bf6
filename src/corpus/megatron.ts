/** Megatron-LM's indexed dataset: ids in `.bin`, sequences and documents in `.idx`. Given either path or what they share. */

import { existsSync } from 'node:fs';
import type { DocumentReader } from './documents.ts';
import { megatronMarks, readMegatronHeader } from './megatron-index.ts';
import { markedTokenFile } from './token-file.ts';

export const megatron: DocumentReader = {
  name: 'megatron',
  description: "Megatron-LM's .bin and .idx",

  detect: path => /\.idx$/i.test(path) || existsSync(pathsOf(path).index),

  /**
   * @throws BimixError `missing-file` (one of the pair), `invalid-megatron` (magic, version, type, counts, pointers, sizes),
   * `invalid-tokens`, `invalid-eos`, with the byte
   */
  async open(path, options) {
    const { index, data } = pathsOf(path);
    const header = await readMegatronHeader(index, data);
    const hint = `${index} says ${header.dtype}: were the ids made with another tokenizer?`;
    const ids = {
      format: 'megatron',
      path: data,
      dtype: header.dtype,
      start: 0,
      count: header.tokens,
      notes: [],
      hint,
    };
    return markedTokenFile(ids, megatronMarks(index, header), options);
  },
};

function pathsOf(path: string): { readonly index: string; readonly data: string } {
  const prefix = path.replace(/\.(?:bin|idx)$/i, '');
  return { index: `${prefix}.idx`, data: `${prefix}.bin` };
}
