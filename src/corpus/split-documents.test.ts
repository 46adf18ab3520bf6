import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentsOf } from '../../test/corpus-files.ts';
import type { TokenBatch, TokenFile } from './documents.ts';
import { markedDocuments, splitAtEos, wholeDocument } from './split-documents.ts';

const EOS = 0;

async function* chunksOf(ids: readonly number[], sizes: readonly number[]) {
  for (let at = 0, i = 0; at < ids.length; i++) {
    const end = Math.min(ids.length, at + sizes[i % sizes.length]);
    yield Uint16Array.from(ids.slice(at, end));
    at = end;
  }
}

async function* endsOf(lengths: readonly number[], size: number) {
  let end = 0;
  const ends = lengths.map(length => (end += length));
  for (let at = 0; at < ends.length; at += size) yield Float64Array.from(ends.slice(at, at + size));
}

const read = (batches: AsyncIterable<TokenBatch>) =>
  documentsOf({ kind: 'tokens', batches: () => batches } as unknown as TokenFile);

function splitAt(ids: readonly number[], eos: number): number[][] {
  const documents: number[][] = [[]];
  for (const id of ids) {
    if (id === eos) documents.push([]);
    else documents[documents.length - 1].push(id);
  }
  return documents.filter(document => document.length > 0);
}

const idLists = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 });
const sizeLists = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

describe('ids', () => {
  test('without marks are one document, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(idLists, sizeLists, async (ids, sizes) => {
        expect(await read(wholeDocument(chunksOf(ids, sizes), ids.length))).toEqual([ids]);
      }),
      { seed: 1 },
    );
  });

  test('are cut at eos, which is left out with the empty documents around it', async () => {
    await fc.assert(
      fc.asyncProperty(idLists, sizeLists, async (ids, sizes) => {
        const split = splitAtEos(wholeDocument(chunksOf(ids, sizes), ids.length), EOS);
        expect(await read(split)).toEqual(splitAt(ids, EOS));
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  test('are cut where an index says, and there and at eos where both are known', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 9 }), { minLength: 1, maxLength: 12 }),
        sizeLists,
        fc.integer({ min: 1, max: 5 }),
        async (documents, sizes, window) => {
          const marked = () =>
            markedDocuments(
              chunksOf(documents.flat(), sizes),
              endsOf(
                documents.map(({ length }) => length),
                window,
              ),
            );
          expect(await read(marked())).toEqual(documents.filter(({ length }) => length > 0));
          expect(await read(splitAtEos(marked(), EOS))).toEqual(documents.flatMap(ids => splitAt(ids, EOS)));
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});
