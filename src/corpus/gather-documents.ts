/** Documents that come one by one, as batches. */

import type { TextBatch, TokenBatch } from './documents.ts';
import type { TokenArray } from './token-dtype.ts';

/** Documents without ids are left out. */
export async function* gatherTokens(
  documents: AsyncIterable<TokenArray>,
  batchBytes: number,
): AsyncGenerator<TokenBatch> {
  let held: TokenArray[] = [];
  let size = 0;
  for await (const document of documents) {
    if (document.length === 0) continue;
    held.push(document);
    size += document.length;
    if (4 * size < batchBytes) continue;
    yield joined(held, size);
    held = [];
    size = 0;
  }
  if (size > 0) yield joined(held, size);
}

function joined(documents: readonly TokenArray[], size: number): TokenBatch {
  const tokens = new Uint32Array(size);
  const ends = new Uint32Array(documents.length);
  let at = 0;
  documents.forEach((document, index) => {
    tokens.set(document, at);
    at += document.length;
    ends[index] = at;
  });
  return { tokens, ends, continues: false };
}

export async function* gatherTexts(documents: AsyncIterable<string>, batchBytes: number): AsyncGenerator<TextBatch> {
  let texts: string[] = [];
  let size = 0;
  for await (const text of documents) {
    texts.push(text);
    size += text.length;
    if (size < batchBytes) continue;
    yield { texts };
    texts = [];
    size = 0;
  }
  if (texts.length > 0) yield { texts };
}
