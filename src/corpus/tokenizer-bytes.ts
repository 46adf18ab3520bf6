import type { Tokenizer } from './tokenizer.ts';
import { showBytes } from './vocabulary.ts';

/** Every byte of the text in UTF-8 is a token; a lone surrogate becomes U+FFFD. Depends on no package and no Unicode table. */
export function byteTokenizer(): Tokenizer {
  const utf8 = new TextEncoder();
  return {
    identity: { name: 'bytes', version: 'UTF-8', unicode: 'none' },
    vocabulary: 256,
    encode: text => new Uint32Array(utf8.encode(text)),
    show: id => showBytes(String.fromCharCode(id)),
  };
}
