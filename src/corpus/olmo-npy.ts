/**
 * OLMo's and dolma's `.npy`: bare ids despite the name, u16 or u32. Documents are separated by `eos`, or by the `.csv.gz` of the
 * same name beside it (`start,end` of each in ids, other columns ignored).
 */

import { existsSync } from 'node:fs';
import { BimixError } from '../errors/index.ts';
import { readDocumentTable } from './document-table.ts';
import type { DocumentReader, ReadOptions, TokenDtype } from './documents.ts';
import { checkDtype, impliedDtype, sampleIds } from './dtype-check.ts';
import { emptyFile } from './empty-file.ts';
import { npy } from './npy.ts';
import { hasNumpyHeader } from './numpy-header.ts';
import { withSource } from './source-file.ts';
import { wholeIds } from './token-dtype.ts';
import { type BareIds, markedTokenFile, unmarkedTokenFile } from './token-file.ts';

export const olmoNpy: DocumentReader = {
  name: 'olmo-npy',
  description: "OLMo's .npy: bare ids, with or without a .csv.gz of documents",

  detect: (path, head) => /\.npy$/i.test(path) && impliedDtype(head) !== undefined,

  /**
   * @throws BimixError `ambiguous-dtype`, `invalid-dtype`, `invalid-tokens`, `invalid-eos` with the byte,
   * `invalid-documents` with the line of the `.csv.gz`, `invalid-file` (empty)
   */
  async open(path, options) {
    const ids = await inspect(path, options);
    if (ids === undefined) return npy.open(path, options);
    const table = path.replace(/\.npy$/i, '.csv.gz');
    if (options.eos !== undefined || table === path || !existsSync(table)) return unmarkedTokenFile(ids, options);
    return markedTokenFile(ids, await readDocumentTable(table, ids.count), options);
  },
};

/** Undefined for a true NumPy file. */
async function inspect(path: string, options: ReadOptions): Promise<BareIds | undefined> {
  return withSource(path, async source => {
    const { size } = source;
    if (size === 0) throw emptyFile(path);
    const sample = await sampleIds(source, 0, size);
    if (hasNumpyHeader(sample)) return undefined;
    const dtype = options.dtype ?? guessDtype(path, sample);
    checkDtype(path, sample, dtype, 0);
    const count = wholeIds(path, dtype, 0, size);
    const notes = options.dtype === undefined ? [`dtype ${dtype} was inferred from its ids`] : [];
    const hint = `Was it made with another tokenizer, or is its dtype not ${dtype}?`;
    return { format: 'olmo-npy', path, dtype, start: 0, count, notes, hint };
  });
}

function guessDtype(path: string, sample: Uint8Array): TokenDtype {
  const implied = impliedDtype(sample);
  if (implied !== undefined) return implied;
  throw new BimixError('ambiguous-dtype', `ambiguous dtype of ${path}: its ids do not show it`, {
    hint: 'State it as "dtype: u16" or "dtype: u32".',
    where: { file: path, byte: 0 },
  });
}
