/** nanoGPT's `train.bin`: bare ids, u16 unless stated, documents ended by an id (50256 with GPT-2) that has to be stated. */

import type { DocumentReader } from './documents.ts';
import { checkDtype, impliedDtype, sampleIds } from './dtype-check.ts';
import { emptyFile } from './empty-file.ts';
import { withSource } from './source-file.ts';
import { wholeIds } from './token-dtype.ts';
import { unmarkedTokenFile } from './token-file.ts';

export const nanogpt: DocumentReader = {
  name: 'nanogpt',
  description: "nanoGPT's .bin: bare ids, u16 unless dtype says otherwise",

  detect: (path, head) => /\.bin$/i.test(path) && impliedDtype(head) !== undefined,

  /** @throws BimixError `invalid-dtype`, `invalid-tokens`, `invalid-eos` with the byte, `invalid-file` (empty) */
  async open(path, options) {
    const { dtype = 'u16' } = options;
    const count = await withSource(path, async source => {
      if (source.size === 0) throw emptyFile(path);
      checkDtype(path, await sampleIds(source, 0, source.size), dtype, 0);
      return wholeIds(path, dtype, 0, source.size);
    });
    const hint = `Was it made with another tokenizer, or is its dtype not ${dtype}?`;
    return unmarkedTokenFile({ format: 'nanogpt', path, dtype, start: 0, count, notes: [], hint }, options);
  },
};
