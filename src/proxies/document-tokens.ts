/** Text of a document as token ids, for models of at most 65,535 of them. */

import { createTokenizer, type TokenizerSpec } from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';

const MAX_IDS = 65_535;

export type TokenArray = Uint8Array | Uint16Array;

export interface DocumentTokens {
  /** Ids are below it, the end of a document included. */
  readonly vocabulary: number;
  /** Id that ends a document. */
  readonly end: number;
  /** Ids of one document, with its end; empty for a text without tokens. */
  encode(text: string): TokenArray;
}

/**
 * Bytes: the ids are those of UTF-8, 0 ends a document, and NUL characters inside texts are dropped. Any other tokenizer: one more
 * id, the last, ends a document.
 *
 * @throws BimixError `invalid-tokenizer` when it has too many ids, and as `createTokenizer`
 */
export async function documentTokens(spec: TokenizerSpec = { kind: 'bytes' }): Promise<DocumentTokens> {
  if (spec.kind === 'bytes') return { vocabulary: 256, end: 0, encode: bytesOf };
  const tokenizer = await createTokenizer(spec);
  const end = tokenizer.vocabulary;
  if (end + 1 > MAX_IDS) {
    throw new BimixError(
      'invalid-tokenizer',
      `invalid tokenizer "${tokenizer.identity.name}": ${end} ids, proxy runs take less than ${MAX_IDS} beside the end of a document`,
      { hint: 'Use bytes, or a small tokenizer such as bpe:2048.' },
    );
  }
  return {
    vocabulary: end + 1,
    end,
    encode(text) {
      const ids = tokenizer.encode(text);
      if (ids.length === 0) return new Uint16Array(0);
      const tokens = new Uint16Array(ids.length + 1);
      tokens.set(ids);
      tokens[ids.length] = end;
      return tokens;
    },
  };
}

function bytesOf(text: string): Uint8Array {
  let bytes: Uint8Array = Buffer.from(text, 'utf8');
  if (bytes.includes(0)) bytes = bytes.filter(byte => byte !== 0);
  if (bytes.length === 0) return new Uint8Array(0);
  const tokens = new Uint8Array(bytes.length + 1);
  tokens.set(bytes);
  return tokens;
}
