/** From ids to documents: where a stream of ids is cut. */

import type { TokenBatch } from './documents.ts';
import type { TokenArray } from './token-dtype.ts';

/** All ids as one document. */
export async function* wholeDocument(chunks: AsyncIterable<TokenArray>, count: number): AsyncGenerator<TokenBatch> {
  let read = 0;
  for await (const tokens of chunks) {
    read += tokens.length;
    yield { tokens, ends: Uint32Array.of(tokens.length), continues: read < count };
  }
}

/**
 * Documents whose ends are known beforehand. Documents without ids are left out.
 *
 * @param ends end of each document, counted in ids from the first of `chunks`; the last is the number of ids
 */
export async function* markedDocuments(
  chunks: AsyncIterable<TokenArray>,
  ends: AsyncIterable<Float64Array>,
): AsyncGenerator<TokenBatch> {
  const marks = ends[Symbol.asyncIterator]();
  let known: Float64Array = new Float64Array(0);
  let mark = 0;
  let position = 0;
  try {
    for await (const tokens of chunks) {
      const cuts: number[] = [];
      let last = 0;
      while (last < tokens.length) {
        if (mark === known.length) {
          const { done, value } = await marks.next();
          if (done) break;
          known = value;
          mark = 0;
          continue;
        }
        const end = known[mark] - position;
        if (end > tokens.length) break;
        if (end > last) {
          cuts.push(end);
          last = end;
        }
        mark++;
      }
      const continues = last < tokens.length;
      if (continues) cuts.push(tokens.length);
      yield { tokens, ends: Uint32Array.from(cuts), continues };
      position += tokens.length;
    }
  } finally {
    await marks.return?.();
  }
}

/** Cuts documents further at `eos`, which is left out of them; so are the empty documents between two of it. */
export async function* splitAtEos(batches: AsyncIterable<TokenBatch>, eos: number): AsyncGenerator<TokenBatch> {
  // The last id of an open document is kept back: only the next batch tells whether the document goes on.
  let held: number | undefined;
  for await (const { tokens, ends, continues } of batches) {
    const kept =
      tokens instanceof Uint16Array ? new Uint16Array(tokens.length + 1) : new Uint32Array(tokens.length + 1);
    const cuts: number[] = [];
    let size = 0;
    let start = 0;
    let from = 0;
    const keep = (to: number) => {
      kept.set(tokens.subarray(from, to), size);
      size += to - from;
      from = to;
    };
    const close = () => {
      if (size > start) cuts.push(size);
      start = size;
    };
    if (held !== undefined) kept[size++] = held;
    held = undefined;
    let next = tokens.indexOf(eos);
    for (let document = 0; document < ends.length; document++) {
      while (next >= 0 && next < ends[document]) {
        keep(next);
        close();
        from = next + 1;
        next = tokens.indexOf(eos, from);
      }
      keep(ends[document]);
      if (document < ends.length - 1 || !continues) close();
    }
    if (size > start) held = kept[--size];
    const isOpen = size > start;
    if (isOpen) cuts.push(size);
    if (size > 0) yield { tokens: kept.subarray(0, size), ends: Uint32Array.from(cuts), continues: isOpen };
  }
}
