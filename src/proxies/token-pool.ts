/** All tokens of a domain that a run may draw from, in pieces that keep together. */

import { expandFiles, openDocuments, type ReadOptions } from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';
import { shuffledOrder } from './document-order.ts';
import type { DocumentTokens, TokenArray } from './document-tokens.ts';

/** A longer document is several pieces, so that a few long ones are shuffled as well as many short ones. */
export const LONGEST_PIECE = 4096;

/** Held in memory. */
const MAX_TOKENS = 2 ** 30;

export interface TokenPool {
  /** Piece after piece. */
  readonly tokens: TokenArray;
  /** End of each piece in `tokens`, exclusive; the last is their length. */
  readonly ends: Uint32Array;
}

/**
 * Reads the text files of a domain.
 *
 * @param patterns of files, relative to the working folder
 * @throws BimixError `invalid-domain` when the files hold token ids, no text, or more than can be held, and as the readers
 */
export async function readTokenPool(
  domain: string,
  patterns: readonly string[],
  encoder: DocumentTokens,
  read: Pick<ReadOptions, 'format' | 'text'> = {},
): Promise<TokenPool> {
  const documents: TokenArray[] = [];
  let size = 0;
  for (const path of await expandFiles(patterns, '.')) {
    const file = await openDocuments(path, read);
    if (file.kind === 'tokens') {
      throw new BimixError('invalid-domain', `invalid domain "${domain}": ${path} holds token ids, expected text`, {
        hint: 'Proxy runs tokenize the text themselves.',
        where: { file: path },
      });
    }
    for await (const { texts } of file.batches()) {
      for (const text of texts) {
        const tokens = encoder.encode(text);
        if (tokens.length === 0) continue;
        documents.push(tokens);
        size += tokens.length;
      }
      if (size > MAX_TOKENS) {
        throw new BimixError('invalid-domain', `invalid domain "${domain}": more than ${MAX_TOKENS} tokens`, {
          hint: 'Proxy runs hold their text in memory: give them only some of the files.',
          where: { file: path },
        });
      }
    }
  }
  if (size === 0) throw new BimixError('invalid-domain', `invalid domain "${domain}": its files hold no text`);
  return join(documents, size);
}

/**
 * The first tokens of a pool in an order that no seed changes: fewer are always among more.
 *
 * @param count tokens; the last piece is cut, and all tokens are given when there are no more
 */
export function firstTokens(domain: string, pool: TokenPool, count: number): TokenPool {
  const pieces: TokenArray[] = [];
  let left = Math.min(count, pool.tokens.length);
  for (const piece of shuffledOrder(pool.ends.length, ['first', domain])) {
    if (left === 0) break;
    const tokens = pieceOf(pool, piece).subarray(0, left);
    pieces.push(tokens);
    left -= tokens.length;
  }
  return join(pieces, Math.min(count, pool.tokens.length));
}

export function pieceOf({ tokens, ends }: TokenPool, piece: number): TokenArray {
  return tokens.subarray(piece === 0 ? 0 : ends[piece - 1], ends[piece]);
}

function join(documents: readonly TokenArray[], size: number): TokenPool {
  const tokens = documents[0] instanceof Uint16Array ? new Uint16Array(size) : new Uint8Array(size);
  const ends: number[] = [];
  let at = 0;
  for (const document of documents) {
    tokens.set(document, at);
    for (let cut = LONGEST_PIECE; cut < document.length; cut += LONGEST_PIECE) ends.push(at + cut);
    at += document.length;
    ends.push(at);
  }
  return { tokens, ends: Uint32Array.from(ends) };
}
