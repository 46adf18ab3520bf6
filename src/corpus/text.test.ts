import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  readDocuments,
  refusalOf,
  storedFrame,
  temporaryFolder,
} from '../../test/corpus-files.ts';
import { openDocuments } from './readers.ts';

const folder = temporaryFolder();
const MIB = 1_048_576;

/** About `bytes` of text in lines, with a blank line each `lines`. */
function longText(bytes: number, lines: number, end = '\n'): string {
  const parts: string[] = [];
  let size = 0;
  for (let i = 0; size < bytes; i++) {
    const line = `line ${i} with the letter ö${i % lines === 0 ? end : ''}${end}`;
    parts.push(line);
    size += Buffer.byteLength(line);
  }
  return parts.join('');
}

describe('a text file', () => {
  test('is one document, without its byte order mark', async () => {
    await expectDocuments(fileIn(folder, 'a.txt', '\uFEFFone\n\ntwo ü'), ['one\n\ntwo ü']);
    await expectDocuments(fileIn(folder, 'a.txt.gz', gzipSync('one\n\ntwo')), ['one\n\ntwo']);
    await expectDocuments(fileIn(folder, 'a.txt.zst', storedFrame(Buffer.from('one\n\ntwo'))), ['one\n\ntwo']);
  });

  test.each([
    ['blank lines', longText(9.7 * MIB, 20), /\n\n$/],
    ['blank lines with CRLF', longText(9.2 * MIB, 20, '\r\n'), /\r\n\r\n$/],
    ['lines, where none is blank', longText(9.2 * MIB, Number.POSITIVE_INFINITY).replace('\n\n', '\n'), /\n$/],
    ['characters, where there are no lines', '三'.repeat(3.3 * MIB), /三$/],
  ])('too long for one document is cut at %s, the same in parts and unpacked', async (_, text, ending) => {
    const path = fileIn(folder, 'long.txt', text);
    const file = await openDocuments(path);
    const documents = (await readDocuments(path)) as string[];
    expect(documents.join('')).toBe(text);
    expect(documents.length).toBe(Math.floor((Buffer.byteLength(text) - MIB / 2) / MIB) + 1);
    expect(documents.slice(0, -1).every(document => ending.test(document))).toBe(true);
    expect(file.notes).toEqual(['it is cut into documents of about 1 MiB at blank lines']);
    for (const count of [2, 3, 100]) {
      const parts = await file.parts(count);
      expect(parts.length).toBe(Math.min(count, documents.length));
      const read: unknown[] = [];
      for (const part of parts) read.push(...(await readDocuments(path, { part })));
      expect(read).toEqual(documents);
    }
    const packed = fileIn(folder, 'long.txt.gz', gzipSync(text, { level: 1 }));
    expect(await readDocuments(packed)).toEqual(documents);
  });

  test('is not what a few ids in a .npy are taken for', async () => {
    expect(await refusalOf(fileIn(folder, 'a.npy', 'c\r'))).toMatchObject({ code: 'ambiguous-format' });
  });

  test('is refused when it is binary, not UTF-8 or empty', async () => {
    const binary = fileIn(folder, 'binary.txt', 'text\0');
    expect(await refusalOf(binary)).toMatchObject({ code: 'invalid-text', where: { file: binary, byte: 4 } });
    const latin = fileIn(folder, 'latin.txt', Buffer.from('na\xefve', 'latin1'));
    expect(await refusalOf(latin)).toMatchObject({ code: 'invalid-text', where: { file: latin, byte: 2 } });
    for (const content of ['', '\uFEFF']) {
      expect(await refusalOf(fileIn(folder, 'empty.txt', content))).toMatchObject({ code: 'invalid-file' });
    }
    const cut = fileIn(folder, 'cut.txt.gz', gzipSync('text text text').subarray(0, -3));
    expect(await refusalOf(cut)).toMatchObject({ code: 'invalid-gzip' });
  });
});
