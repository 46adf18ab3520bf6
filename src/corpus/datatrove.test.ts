import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  plausibleDocuments,
  refusalOf,
  temporaryFolder,
  u16,
  u32,
  u64,
} from '../../test/corpus-files.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();
const DOCUMENTS = plausibleDocuments([30, 1, 200, 7, 64], 50_257);
const ids = DOCUMENTS.flat();
const ENDS = [30, 31, 231, 238, 302];

const path = `${folder}/00000_web.ds`;
const write = (parts: { ds?: Uint8Array; index?: Uint8Array; metadata?: string }) => {
  if (parts.ds !== undefined) fileIn(folder, '00000_web.ds', parts.ds);
  if (parts.index !== undefined) fileIn(folder, '00000_web.ds.index', parts.index);
  if (parts.metadata !== undefined) fileIn(folder, '00000_web.ds.metadata', parts.metadata);
};
beforeEach(() => write({ ds: u16(...ids), index: u64(...ENDS), metadata: `gpt2|2\n302\n302 T` }));

describe("datatrove's file", () => {
  test('has the documents of its index', async () => {
    await expectDocuments(path, DOCUMENTS);
    expect(await openDocuments(path)).toMatchObject({ format: 'datatrove', tokens: 302, notes: [] });
  });

  test('of u32, without metadata, and with empty documents is read', async () => {
    write({ ds: u32(...ids), index: u64(0, 30, 30, 31, 231, 238, 302, 302), metadata: 'llama|4' });
    await expectDocuments(path, DOCUMENTS);
    rmSync(`${path}.metadata`);
    await expectDocuments(path, DOCUMENTS);
    expect((await openDocuments(path)).notes).toEqual(['dtype u32 was inferred from its ids']);
  });

  test('is cut at eos too', async () => {
    write({
      ds: u16(...DOCUMENTS.flatMap(document => [...document, 60_000])),
      index: u64(234, 307),
      metadata: 'gpt2|2',
    });
    await expectDocuments(path, DOCUMENTS, { eos: 60_000 });
  });

  test.each([
    ['ids cut off', { ds: u16(...ids).subarray(0, -2) }, '.metadata', { line: 2 }, /it says 302 ids, .* has 301/],
    ['half an id', { ds: u16(...ids).subarray(0, -1) }, '', { byte: 602 }, /not a whole number/],
    ['ids of another size', { ds: u32(...ids) }, '', { byte: 0 }, /^invalid dtype u16/],
    ['no index', { index: u64() }, '.index', { byte: 0 }, /0 bytes are not/],
    [
      'a cut index',
      { index: u64(...ENDS).subarray(0, -3) },
      '.index',
      { byte: 32 },
      /37 bytes are not a whole number of u64/,
    ],
    ['another index', { index: u64(30, 31) }, '.index', { byte: 8 }, /ends at id 31, .* has 302 of 2 bytes/],
    ['a damaged index', { index: u64(30, 31, 20, 238, 302) }, '.index', { byte: 16 }, /document 2 ends at id 20/],
    ['odd metadata', { metadata: 'gpt2|3\n302' }, '.metadata', { line: 1 }, /is not tokenizer\|2/],
  ])('is refused with %s', async (_, parts, suffix, where, message) => {
    write(parts);
    const error = await refusalOf(path);
    expect(error.message).toMatch(message);
    expect(error.where).toEqual({ file: `${path}${suffix}`, ...where });
  });

  test('is refused by the part whose documents end beyond the ids', async () => {
    write({ index: u64(30, 31, 999, 238, 302) });
    for (const part of [
      { from: 2, to: 3 },
      { from: 3, to: 4 },
    ]) {
      expect(await refusalOf(path, { part })).toMatchObject({ code: 'invalid-documents', where: { file: path } });
    }
  });

  test('without ids is empty, without its index incomplete', async () => {
    write({ ds: u16() });
    expect(await refusalOf(path, { format: 'datatrove' })).toMatchObject({ code: 'invalid-file' });
    write({ ds: u16(...ids) });
    rmSync(`${path}.index`);
    expect(await refusalOf(path)).toMatchObject({ code: 'missing-file', where: { file: `${path}.index` } });
  });

  test('with an id beyond the vocabulary is refused at its byte', async () => {
    write({ ds: u16(...ids.slice(0, -1), 50_257) });
    expect(await refusalOf(path, { vocabularyLimit: 50_257 })).toMatchObject({
      code: 'invalid-tokens',
      where: { file: path, byte: 602 },
      hint: 'Is the tokenizer right? It was made with gpt2.',
    });
  });
});
