import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  plausibleDocuments,
  refusalOf,
  temporaryFolder,
  u16,
  u32,
} from '../../test/corpus-files.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();
const EOS = 50_279;
const DOCUMENTS = plausibleDocuments([30, 1, 200, 7, 64], EOS);
const ids = DOCUMENTS.flatMap(document => [...document, EOS]);
const withEos = DOCUMENTS.map(document => [...document, EOS]);

const ENDS = [31, 33, 234, 242, 307];
const ROWS = ENDS.map((end, i) => [ENDS[i - 1] ?? 0, end]);

const table = (rows: readonly string[]) =>
  fileIn(folder, 'part.csv.gz', gzipSync(rows.map(row => `${row}\n`).join('')));
afterEach(() => rmSync(`${folder}/part.csv.gz`, { force: true }));

describe("OLMo's file", () => {
  test('of u16 or u32 is told by its ids, and says so', async () => {
    const narrow = fileIn(folder, 'part.npy', u16(...ids));
    await expectDocuments(narrow, DOCUMENTS, { eos: EOS });
    expect(await openDocuments(narrow, { eos: EOS })).toMatchObject({
      format: 'olmo-npy',
      notes: ['dtype u16 was inferred from its ids'],
    });
    const wide = fileIn(folder, 'wide.npy', u32(...ids));
    await expectDocuments(wide, DOCUMENTS, { eos: EOS });
    expect((await openDocuments(wide)).notes).toEqual([
      'dtype u32 was inferred from its ids',
      'no eos was stated: the file counts as one document',
    ]);
  });

  test('has the documents of its table, with or without more columns and a header', async () => {
    const path = fileIn(folder, 'part.npy', u32(...ids));
    table(ROWS.map(([start, end]) => `${start},${end}`));
    await expectDocuments(path, withEos, { dtype: 'u32' });
    table(['start,end,id,src,loc', ...ROWS.map(([start, end], i) => `${start},${end},"a, b ""c""\n${i}",x.gz,${i}`)]);
    await expectDocuments(path, withEos);
    expect((await openDocuments(path)).notes).toEqual(['dtype u32 was inferred from its ids']);
  });

  test('is cut at eos where one is stated, whatever the table says', async () => {
    const path = fileIn(folder, 'part.npy', u32(...ids));
    table(['0,1']);
    await expectDocuments(path, DOCUMENTS, { eos: EOS });
  });

  const rows = ROWS.map(([start, end]) => `${start},${end}`);
  test.each([
    ['a document missing', [...rows.slice(0, 2), ...rows.slice(3)], 3, /begins at "234", expected 33/],
    ['the last document missing', rows.slice(0, -1), 4, /end at 242, its .npy at 307/],
    ['a document beyond the file', [...rows.slice(0, -1), '242,400'], 5, /ends at "400", expected 242 to 307/],
    ['a document that ends before it begins', ['0,31', '31,30'], 2, /ends at "30"/],
    ['text', ['0,31', '31,x'], 2, /ends at "x"/],
    ['one column', ['0'], 1, /ends at ""/],
    ['a quote that is never closed', ['0,31', '"31,33'], 1, /: a quote is opened and never closed$/],
  ])('is refused when its table has %s', async (_, lines, line, message) => {
    const path = fileIn(folder, 'part.npy', u32(...ids));
    const file = table(lines);
    expect(await refusalOf(path)).toMatchObject({
      code: 'invalid-documents',
      message: expect.stringMatching(message),
      where: { file, line },
    });
  });

  test('is refused when its table is cut', async () => {
    const path = fileIn(folder, 'part.npy', u32(...ids));
    fileIn(folder, 'part.csv.gz', gzipSync(rows.join('\n')).subarray(0, -4));
    expect(await refusalOf(path)).toMatchObject({ code: 'invalid-gzip' });
  });

  test('of another dtype than stated is refused', async () => {
    const path = fileIn(folder, 'wrong.npy', u32(...ids));
    expect(await refusalOf(path, { dtype: 'u16' })).toMatchObject({
      code: 'invalid-dtype',
      message: `invalid dtype u16 of ${path}: every second id would be below 16`,
    });
    const narrow = fileIn(folder, 'wrong2.npy', u16(...ids, EOS));
    expect(await refusalOf(narrow, { dtype: 'u32' })).toMatchObject({
      code: 'invalid-dtype',
      message: `invalid dtype u32 of ${narrow}: nearly all ids would be beyond any vocabulary`,
    });
  });

  test('whose ids do not tell their dtype needs it stated', async () => {
    const path = fileIn(folder, 'few.npy', u16(5, 6, 7, 8));
    expect(await refusalOf(path, { format: 'olmo-npy' })).toMatchObject({ code: 'ambiguous-dtype' });
    await expectDocuments(path, [[5, 6, 7, 8]], { format: 'olmo-npy', dtype: 'u16' });
  });

  test('that ends within an id, is beyond the vocabulary, or empty is refused', async () => {
    const cut = fileIn(folder, 'cut.npy', u32(...ids).subarray(0, -1));
    expect(await refusalOf(cut)).toMatchObject({ code: 'invalid-tokens', where: { byte: 4 * ids.length - 4 } });
    const path = fileIn(folder, 'beyond.npy', u32(...ids, 100_000));
    expect(await refusalOf(path, { vocabularyLimit: 50_280 })).toMatchObject({
      code: 'invalid-tokens',
      where: { file: path, byte: 4 * ids.length },
    });
    expect(await refusalOf(fileIn(folder, 'e.npy', ''), { format: 'olmo-npy' })).toMatchObject({
      code: 'invalid-file',
    });
  });
});
