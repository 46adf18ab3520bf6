import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
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

const TEXTS = ['one', 'zwei ü', '三', '', 'line\nfeed', '😀'.repeat(50), '\u0000', '{"text": "nested"}'];
const asLines = (texts: readonly string[]) => texts.map(text => `${JSON.stringify({ id: 1, text })}\n`).join('');

describe('JSON lines', () => {
  test('give a document a line', async () => {
    await expectDocuments(fileIn(folder, 'a.jsonl', asLines(TEXTS)), TEXTS);
  });

  test('may lack their last line feed, have blank lines, CRLF and a byte order mark', async () => {
    const text = `\uFEFF\n{"text":"a"}\r\n\r\n   \n{"text":"ü"}\n\n{"text":"b"}`;
    await expectDocuments(fileIn(folder, 'b.jsonl', text), ['a', 'ü', 'b']);
  });

  test("may hold Python's NaN beside the text", async () => {
    await expectDocuments(fileIn(folder, 'nan.jsonl', '{"text":"NaN","score":NaN}\n'), ['NaN']);
  });

  test('are unpacked from gzip and zstd, however members and frames cut the lines', async () => {
    const bytes = Buffer.from(asLines(TEXTS));
    const cuts = [0, 9, 10, 41, 100, bytes.length];
    const stretches = cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
    const gzip = fileIn(folder, 'a.jsonl.gz', Buffer.concat(stretches.map(part => gzipSync(part))));
    const zstd = fileIn(folder, 'a.jsonl.zst', Buffer.concat(stretches.map(part => storedFrame(part, 7))));
    await expectDocuments(gzip, TEXTS);
    await expectDocuments(zstd, TEXTS);
  });

  test('packed as xz or bzip2 are named as such', async () => {
    const xz = path.resolve('test/field-files/jsonl-xz/a.jsonl.xz');
    const bz2 = fileIn(folder, 'a.jsonl.bz2', Buffer.from('BZh91AY&SY...'));
    for (const [file, name] of [
      [xz, 'xz'],
      [bz2, 'bzip2'],
    ]) {
      const error = await refusalOf(file);
      expect(error).toMatchObject({ message: `unknown compression of ${file}: it is ${name}` });
      expect(error.hint).toContain('zstd -o');
    }
  });

  test('have their text in any field, nested ones by their names with dots', async () => {
    const path = fileIn(folder, 'field.jsonl', '{"raw":{"content":"x"},"raw.content":"y"}\n{"raw":{"content":"z"}}\n');
    await expectDocuments(path, ['y', 'z'], { text: 'raw.content' });
  });

  test('cut anywhere into parts give each line once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 30 }),
        async (texts, count) => {
          const path = fileIn(folder, 'parts.jsonl', asLines(texts));
          const read: unknown[] = [];
          for (const part of await (await openDocuments(path)).parts(count)) {
            read.push(...(await readDocuments(path, { part })));
          }
          expect(read).toEqual(texts);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  test.each([
    ['cut JSON', 'b"}\n{"text":', { line: 3, column: 9, byte: 27 }, 'invalid-json', /it ends too early/],
    ['no object', 'b"}\n["text"]\n', { line: 3, column: 1, byte: 27 }, 'invalid-json', /expected an object/],
    ['text of no format', 'b"}\nhello\n', { line: 3, column: 1, byte: 27 }, 'invalid-json', /unexpected "hello"/],
    ['no such field', 'b"}\n{"txt":"a"}\n', { line: 3, byte: 27 }, 'missing-field', /missing field "text"/],
    ['null', 'b"}\n{"text":null}\n', { line: 3, byte: 27 }, 'invalid-field', /"text" in a JSON line: null/],
    ['a number', 'b"}\n{"text":5}\n', { line: 3, byte: 27 }, 'invalid-field', /the number 5, expected text/],
    ['a list', 'b"}\n{"text":[1]}\n', { line: 3, byte: 27 }, 'invalid-field', /a list, expected text/],
    ['a zero byte', 'b"}\n{"te\0t":5}\n', { byte: 31 }, 'invalid-text', /zero byte/],
  ])('are refused with %s, naming line and byte', async (_, rest, where, code, message) => {
    const body = `{"text":"ü"}\n{"text":"${rest}`;
    for (const [name, bytes] of [
      ['bad.jsonl', Buffer.from(body)],
      ['bad.jsonl.gz', gzipSync(body)],
    ] as const) {
      const path = fileIn(folder, name, bytes);
      const error = await refusalOf(path, { format: 'jsonl' });
      expect(error).toMatchObject({ code, message: expect.stringMatching(message), where: { file: path, ...where } });
    }
  });

  test('name the field that was meant', async () => {
    const path = fileIn(folder, 'hint.jsonl', '{"texts":"a"}\n');
    expect((await refusalOf(path)).hint).toBe('Did you mean "texts"? State it with "text: NAME".');
  });

  test('count lines from the beginning of the file in a part too', async () => {
    const path = fileIn(folder, 'late.jsonl', `${'{"text":"a"}\n'.repeat(100)}{"tex":1}\n`);
    const parts = await (await openDocuments(path)).parts(4);
    expect(parts).toHaveLength(4);
    expect((await refusalOf(path, { part: parts[3] })).where).toEqual({ file: path, line: 101, byte: 1300 });
  });

  test('that are not UTF-8 are refused at the byte', async () => {
    const path = fileIn(folder, 'latin.jsonl', Buffer.from('{"text":"ok"}\n{"text":"\xe9"}\n', 'latin1'));
    expect(await refusalOf(path)).toMatchObject({ code: 'invalid-text', where: { file: path, byte: 23 } });
  });

  test('without a document are refused', async () => {
    for (const content of ['', '\n \n']) {
      const path = fileIn(folder, 'empty.jsonl', content);
      expect(await refusalOf(path)).toMatchObject({ code: 'invalid-file', message: expect.stringMatching(/empty/) });
      const packed = fileIn(folder, 'empty.jsonl.gz', gzipSync(content));
      expect(await refusalOf(packed)).toMatchObject({ code: 'invalid-file' });
    }
  });

  test('are held no longer than a batch: lines much shorter than the file come before it is read', async () => {
    const path = fileIn(folder, 'long.jsonl', asLines(Array.from({ length: 40_000 }, (_, i) => `${i} `.repeat(20))));
    const file = await openDocuments(path, { batchBytes: 65_536 });
    if (file.kind !== 'text') throw new Error('expected text');
    for await (const { texts } of file.batches()) {
      expect(texts.join('').length).toBeLessThan(600_000);
      expect(file.bytesRead()).toBeLessThan(600_000);
      break;
    }
    expect(file.bytes).toBeGreaterThan(4_000_000);
  });
});
