import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  i32,
  plausibleDocuments,
  refusalOf,
  temporaryFolder,
  u16,
  u64,
} from '../../test/corpus-files.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();

/** Sequences of each document. */
const SEQUENCES = [
  plausibleDocuments([30, 4], 50_000),
  plausibleDocuments([200], 50_000),
  plausibleDocuments([7, 1, 60], 50_000),
];
const DOCUMENTS = SEQUENCES.map(sequences => sequences.flat());

interface Index {
  readonly version?: number;
  readonly code?: number;
  readonly item?: number;
  readonly lengths?: readonly number[];
  readonly pointers?: readonly number[];
  readonly documents?: readonly number[];
  readonly modes?: number;
}

/** As _IndexWriter of megatron/core/datasets/indexed_dataset.py writes it. */
function indexOf({ version = 1, code = 8, item = 2, modes = 0, ...columns }: Index = {}): Buffer {
  const lengths = columns.lengths ?? SEQUENCES.flat().map(({ length }) => length);
  const pointers = columns.pointers ?? pointersOf(lengths, item);
  const documents = columns.documents ?? [0, 2, 3, 6];
  return Buffer.concat([
    Buffer.from('MMIDIDX\0\0'),
    u64(version),
    Buffer.from([code]),
    u64(lengths.length, documents.length),
    Buffer.from(Int32Array.from(lengths).buffer),
    Buffer.from(BigUint64Array.from([...pointers, ...documents], BigInt).buffer),
    Buffer.alloc(modes),
  ]);
}

function pointersOf(lengths: readonly number[], item: number): number[] {
  const pointers = [0];
  for (const length of lengths.slice(0, -1)) pointers.push(pointers[pointers.length - 1] + length * item);
  return pointers.slice(0, lengths.length);
}

const ids = DOCUMENTS.flat();
const bin = `${folder}/web_text_document.bin`;
const idx = `${folder}/web_text_document.idx`;
const write = (index: Uint8Array, data: Uint8Array = u16(...ids)) => {
  fileIn(folder, 'web_text_document.idx', index);
  fileIn(folder, 'web_text_document.bin', data);
};
beforeEach(() => write(indexOf()));

describe("Megatron's dataset", () => {
  test('has the documents of its index, by either path or the prefix', async () => {
    await expectDocuments(bin, DOCUMENTS);
    for (const path of [idx, bin, bin.slice(0, -4)]) {
      const file = await openDocuments(path);
      expect(file).toMatchObject({ format: 'megatron', path: bin, tokens: 302, idLimit: 65_536, notes: [] });
    }
  });

  test('of i32 and i64 is read', async () => {
    write(indexOf({ code: 4, item: 4 }), i32(...ids));
    await expectDocuments(bin, DOCUMENTS);
    write(indexOf({ code: 5, item: 8 }), u64(...ids));
    await expectDocuments(bin, DOCUMENTS);
  });

  test('may have empty documents and sequences, and the modes of a multimodal one', async () => {
    const lengths = [0, 30, 4, 200, 0, 7, 1, 60, 0];
    write(indexOf({ lengths, documents: [0, 0, 1, 3, 3, 4, 8, 9, 9], modes: 9 }));
    await expectDocuments(bin, DOCUMENTS);
  });

  test('of more documents than are held at a time is read', async () => {
    const count = 150_000;
    const lengths = Array.from({ length: count }, (_, i) => 1 + (i % 3));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    write(indexOf({ lengths, documents: Array.from({ length: count + 1 }, (_, i) => i) }), Buffer.alloc(2 * total, 7));
    const file = await openDocuments(bin);
    const read: number[] = [];
    for (const part of await file.parts(3)) {
      const opened = await openDocuments(bin, { part });
      for await (const batch of opened.batches()) {
        if (!('ends' in batch)) throw new Error('expected tokens');
        expect(batch.continues).toBe(false);
        batch.ends.forEach((end, i) => {
          read.push(end - (i === 0 ? 0 : batch.ends[i - 1]));
        });
      }
    }
    expect(read).toEqual(lengths);
  });

  test('is cut at eos too, where one is stated', async () => {
    const eos = 50_001;
    const split = DOCUMENTS.flatMap(document => [...document, eos]);
    write(indexOf({ lengths: [236, 69], documents: [0, 1, 2] }), u16(...split));
    await expectDocuments(bin, DOCUMENTS, { eos });
  });

  const whole = indexOf();
  const pointersAt = 34 + 4 * 6;
  const documentsAt = pointersAt + 8 * 6;
  test.each<[string, Uint8Array, Uint8Array | undefined, number, RegExp]>([
    ['another magic', Buffer.from(whole).fill('TNTIDX', 0, 6), undefined, 0, /does not begin with MMIDIDX/],
    ['another version', indexOf({ version: 2 }), undefined, 9, /its version is 2/],
    ['floats', indexOf({ code: 7 }), undefined, 17, /its type is f32 \(code 7\)/],
    ['a type there is not', indexOf({ code: 99 }), undefined, 17, /its type is code 99/],
    ['a cut header', whole.subarray(0, 20), undefined, 20, /header is cut off/],
    ['a cut index', whole.subarray(0, -5), undefined, whole.length - 5, /6 sequences and 4 document entries/],
    ['something after it', Buffer.concat([whole, u16(1)]), undefined, whole.length, /bytes; it has/],
    ['a .bin cut off', whole, u16(...ids).subarray(0, -2), documentsAt - 8, /end at byte 604, .*\.bin at 602/],
    ['a longer .bin', whole, u16(...ids, 1), documentsAt - 8, /end at byte 604, .*\.bin at 606/],
    ['the dtype of another .bin', indexOf({ code: 4 }), undefined, documentsAt - 8, /at 604/],
    [
      'documents that do not begin at 0',
      indexOf({ documents: [1, 2, 3, 6] }),
      undefined,
      documentsAt,
      /first document begins at sequence 1/,
    ],
    [
      'documents that end early',
      indexOf({ documents: [0, 2, 3, 5] }),
      undefined,
      documentsAt + 24,
      /end at sequence 5 of 6/,
    ],
    [
      'documents out of order',
      indexOf({ documents: [0, 3, 2, 6] }),
      undefined,
      documentsAt + 16,
      /begins before the one ahead/,
    ],
    [
      'a document beyond the end',
      indexOf({ documents: [0, 9, 3, 6] }),
      undefined,
      documentsAt + 8,
      /beyond the last sequence/,
    ],
    [
      'a negative length',
      indexOf({ lengths: [30, 4, -200, 7, 401, 60] }),
      undefined,
      34 + 8,
      /sequence 2 has -200 ids/,
    ],
    [
      'a first sequence that does not begin at 0',
      indexOf({ pointers: [0x1000_0000, 60, 68, 468, 482, 484] }),
      undefined,
      pointersAt,
      /sequence 0 begins at byte 268435456, expected 0/,
    ],
    [
      'lengths that do not fit',
      indexOf({ lengths: [30, 5, 200, 7, 1, 60], pointers: [0, 60, 68, 468, 482, 484] }),
      undefined,
      pointersAt + 16,
      /sequence 2 begins at byte 68, the one before it ends at 70/,
    ],
  ])('is refused with %s', async (_, index, data, byte, message) => {
    write(index, data);
    expect(await refusalOf(bin)).toMatchObject({
      code: 'invalid-megatron',
      message: expect.stringMatching(message),
      where: { file: idx, byte },
    });
  });

  test('is refused by the part that begins where no sequence ends', async () => {
    write(indexOf({ pointers: [0, 60, 68, 460, 482, 484] }));
    expect(await refusalOf(bin, { part: { from: 2, to: 3 } })).toMatchObject({
      code: 'invalid-megatron',
      message: expect.stringMatching(/sequence 3 begins at byte 460, the one before it ends at 468/),
      where: { file: idx, byte: pointersAt + 24 },
    });
  });

  test('without ids, or one of the pair, is refused', async () => {
    write(indexOf({ lengths: [], documents: [0] }), u16());
    expect(await refusalOf(idx)).toMatchObject({ code: 'invalid-file' });
    write(u16());
    expect(await refusalOf(idx, { format: 'megatron' })).toMatchObject({ code: 'invalid-file' });
    write(whole);
    rmSync(bin);
    expect(await refusalOf(idx)).toMatchObject({ code: 'missing-file', where: { file: bin } });
  });

  test('with an id beyond the vocabulary is refused at its byte', async () => {
    write(whole, u16(...ids.slice(0, 100), 50_000, ...ids.slice(101)));
    expect(await refusalOf(bin, { vocabularyLimit: 50_000 })).toMatchObject({
      code: 'invalid-tokens',
      where: { file: bin, byte: 200 },
    });
  });
});
