import { describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  i32,
  plausibleDocuments,
  refusalOf,
  temporaryFolder,
  u16,
  u32,
} from '../../test/corpus-files.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();
const DOCUMENTS = plausibleDocuments([30, 200, 7], 50_000);

/** As dev/data/data_common.py writes it: each document begins with the end-of-text id. */
function llmcFile(magic: number, version: number, eos: number, asBytes = u16): Buffer {
  const ids = DOCUMENTS.flatMap(document => [eos, ...document]);
  const header = Buffer.alloc(1024);
  i32(magic, version, ids.length).copy(header);
  return Buffer.concat([header, asBytes(...ids)]);
}

describe("llm.c's file", () => {
  test('of either model is read by its header', async () => {
    const gpt2 = fileIn(folder, 'gpt2.bin', llmcFile(20240520, 1, 50_256));
    await expectDocuments(gpt2, DOCUMENTS, { eos: 50_256 });
    expect(await openDocuments(gpt2)).toMatchObject({ format: 'llmc', tokens: 240, idLimit: 65_536 });
    const llama = fileIn(folder, 'llama.bin', llmcFile(20240801, 7, 128_000, u32));
    await expectDocuments(llama, DOCUMENTS, { eos: 128_000 });
    expect((await openDocuments(llama)).notes).toEqual(['no eos was stated: the file counts as one document']);
  });

  const whole = llmcFile(20240520, 1, 50_256);
  const changed = (at: number, value: number) => {
    const bytes = Buffer.from(whole);
    bytes.writeInt32LE(value, at);
    return bytes;
  };

  test.each([
    ['a cut header', whole.subarray(0, 700), 700, /too few for a header/],
    ['ids cut off', whole.subarray(0, -2), whole.length - 2, /says 240 ids of u16, 1504 bytes; it has 1502/],
    ['something after them', Buffer.concat([whole, u16(1)]), whole.length, /it has 1506/],
    ['another magic', changed(0, 5), 0, /its magic is 5, expected 20240520 or 20240801/],
    ['the magic of evaluations', changed(0, 20240522), 0, /evaluation file/],
    ['another version', changed(4, 2), 4, /its version is 2/],
    ['the wrong version', changed(4, 7), whole.length, /240 ids of u32/],
  ])('is refused with %s', async (_, bytes, byte, message) => {
    const path = fileIn(folder, 'bad.bin', bytes);
    expect(await refusalOf(path, { format: 'llmc' })).toMatchObject({
      code: 'invalid-llmc',
      message: expect.stringMatching(message),
      where: { file: path, byte },
    });
  });

  test('without ids or content is empty', async () => {
    expect(await refusalOf(fileIn(folder, 'none.bin', changed(8, 0)))).toMatchObject({ code: 'invalid-file' });
    expect(await refusalOf(fileIn(folder, 'empty.bin', ''), { format: 'llmc' })).toMatchObject({
      code: 'invalid-file',
    });
  });

  test('with an id beyond the vocabulary is refused at its byte', async () => {
    const path = fileIn(folder, 'beyond.bin', whole);
    const error = await refusalOf(path, { vocabularyLimit: 50_000 });
    expect(error).toMatchObject({ code: 'invalid-tokens', where: { file: path, byte: 1024 } });
    expect(error.hint).toBe('The header says u16: was it made with another tokenizer?');
  });
});
