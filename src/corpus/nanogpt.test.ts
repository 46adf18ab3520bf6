import { describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  i32,
  plausibleDocuments,
  plausibleIds,
  readDocuments,
  refusalOf,
  temporaryFolder,
  u16,
  u32,
  u64,
} from '../../test/corpus-files.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();
const EOS = 50_256;
const DOCUMENTS = plausibleDocuments([30, 1, 200, 7, 64, 2], EOS);
const ended = DOCUMENTS.flatMap(document => [...document, EOS]);

describe("nanoGPT's file", () => {
  test('is cut at eos, which is in no document', async () => {
    await expectDocuments(fileIn(folder, 'train.bin', u16(...ended)), DOCUMENTS, { eos: EOS });
  });

  test('may begin with eos, have it twice, or lack the last one', async () => {
    const path = fileIn(folder, 'odd.bin', u16(EOS, EOS, ...DOCUMENTS[0], EOS, EOS, ...DOCUMENTS[2]));
    await expectDocuments(path, [DOCUMENTS[0], DOCUMENTS[2]], { eos: EOS });
  });

  test('is one document without eos, and says so', async () => {
    const path = fileIn(folder, 'whole.bin', u16(...ended));
    await expectDocuments(path, [ended]);
    const file = await openDocuments(path);
    expect(file).toMatchObject({ format: 'nanogpt', tokens: ended.length, idLimit: 65_536, bytes: 2 * ended.length });
    expect(file.notes).toEqual(['no eos was stated: the file counts as one document']);
    expect((await openDocuments(path, { eos: EOS })).notes).toEqual([]);
    expect((await openDocuments(path, { eos: 50_000 })).notes).toEqual([
      'eos 50000 is not among the first ids: is it the right one?',
    ]);
  });

  test.each([
    ['u32', u32],
    ['i32', i32],
    ['i64', u64],
  ] as const)('is of %s where that is stated', async (dtype, bytes) => {
    await expectDocuments(fileIn(folder, 'wide.bin', bytes(...ended)), DOCUMENTS, { eos: EOS, dtype });
  });

  test('of another dtype than stated is refused, naming the one it looks like', async () => {
    const files = { u16: u16(...ended), u32: u32(...ended), i64: u64(...ended) };
    for (const dtype of ['u16', 'u32', 'i32', 'i64'] as const) {
      for (const [actual, bytes] of Object.entries(files)) {
        const path = fileIn(folder, 'wrong.bin', bytes);
        if (actual === dtype || (actual === 'u32' && dtype === 'i32')) continue;
        expect(await refusalOf(path, { dtype })).toMatchObject({
          code: 'invalid-dtype',
          hint: `Its ids look like ${actual}: state "dtype: ${actual}".`,
          where: { file: path, byte: 0 },
        });
      }
    }
  });

  test('with an id beyond the vocabulary is refused at its byte, far into the file too', async () => {
    const ids = plausibleIds(50_000, 30_000);
    ids[41_234] = 30_000;
    const path = fileIn(folder, 'beyond.bin', u16(...ids));
    expect(await refusalOf(path, { vocabularyLimit: 30_000, batchBytes: 1000 })).toMatchObject({
      code: 'invalid-tokens',
      message: `invalid token id 30000 in ${path}: ids are below 30000`,
      where: { file: path, byte: 82_468 },
    });
    expect(await readDocuments(path, { vocabularyLimit: 30_001 })).toEqual([ids]);
    const wide = fileIn(folder, 'wide.bin', u32(...ids, 2_000_000));
    expect(await refusalOf(wide, { dtype: 'u32' })).toMatchObject({ code: 'invalid-tokens', where: { byte: 200_000 } });
    const negative = fileIn(folder, 'negative.bin', i32(...ids.slice(0, 40_000), -1, ...ids));
    expect(await refusalOf(negative, { dtype: 'i32' })).toMatchObject({
      message: `invalid token id -1 in ${negative}: ids are below 1048576`,
      where: { byte: 160_000 },
    });
  });

  test('may have its eos beyond the vocabulary, not beyond its dtype', async () => {
    const path = fileIn(folder, 'eos.bin', u16(...ended));
    await expectDocuments(path, DOCUMENTS, { eos: EOS, vocabularyLimit: EOS });
    expect(await refusalOf(path, { vocabularyLimit: EOS })).toMatchObject({
      code: 'invalid-tokens',
      where: { byte: 60 },
    });
    expect(await refusalOf(path, { eos: 65_536 })).toMatchObject({ code: 'invalid-eos' });
  });

  test('that ends within an id is refused, and an empty one', async () => {
    const cut = fileIn(folder, 'cut.bin', u16(...ended).subarray(0, -1));
    expect(await refusalOf(cut)).toMatchObject({
      code: 'invalid-tokens',
      where: { file: cut, byte: 2 * ended.length - 2 },
    });
    expect(await refusalOf(fileIn(folder, 'empty.bin', ''), { format: 'nanogpt' })).toMatchObject({
      code: 'invalid-file',
    });
    expect(await refusalOf(`${folder}/none.bin`, { format: 'nanogpt' })).toMatchObject({ code: 'missing-file' });
  });
});
