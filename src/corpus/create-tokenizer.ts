import { mergesTokenizer } from './bpe-merges.ts';
import { rankTokenizer } from './bpe-ranks.ts';
import { huggingFaceTokenizer } from './hugging-face-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { byteTokenizer } from './tokenizer-bytes.ts';
import type { TokenizerSpec } from './tokenizer-spec.ts';

/**
 * Builds the tokenizer a spec describes; the same spec gives the same ids in every worker.
 *
 * @throws BimixError missing-file, invalid-file or invalid-tokenizer for a tokenizer.json; invalid-merges
 */
export async function createTokenizer(spec: TokenizerSpec): Promise<Tokenizer> {
  switch (spec.kind) {
    case 'bytes':
      return byteTokenizer();
    case 'ranks':
      return rankTokenizer(spec.name);
    case 'file':
      return huggingFaceTokenizer(spec.path);
    case 'bpe':
      return mergesTokenizer(spec.merges);
  }
}
