import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import {
  fileIn,
  i32,
  plausibleIds,
  refusalOf,
  storedFrame,
  temporaryFolder,
  u16,
  u32,
  u64,
} from '../../test/corpus-files.ts';
import { openDocuments, readerNames } from './readers.ts';

const folder = temporaryFolder();
const ids = plausibleIds(500, 50_000);
const line = '{"text":"a"}\n';

function numpyHeader(): Buffer {
  const dict = `{'descr': '<u2', 'fortran_order': False, 'shape': (500,), }`.padEnd(117);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), u16(118), Buffer.from(`${dict}\n`)]);
}

describe('the format of a file', () => {
  test('is one of ten', () => {
    expect([...readerNames()].sort()).toEqual([
      'datatrove',
      'jsonl',
      'llmc',
      'mds',
      'megatron',
      'nanogpt',
      'npy',
      'olmo-npy',
      'parquet',
      'text',
    ]);
  });

  test.each([
    ['a.jsonl', Buffer.from(line), 'jsonl'],
    ['a.json.gz', gzipSync(line), 'jsonl'],
    ['packed-without-a-name', gzipSync(line), 'jsonl'],
    ['framed-without-a-name', storedFrame(Buffer.from(line)), 'jsonl'],
    ['no-name', Buffer.from(` ${line}`), 'jsonl'],
    ['a.txt', Buffer.from(line), 'text'],
    ['a.html', Buffer.from('<p>text</p>'), 'text'],
    ['a.txt.gz', gzipSync('text'), 'text'],
    ['words.bin', Buffer.from('words and words '.repeat(100)), 'text'],
    ['a.parquet', new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: ['a'] }] })), 'parquet'],
    ['train.bin', u16(...ids), 'nanogpt'],
    ['part.npy', u16(...ids), 'olmo-npy'],
    ['wide.npy', u32(...ids), 'olmo-npy'],
    ['numpy.npy', Buffer.concat([numpyHeader(), u16(...ids)]), 'npy'],
    ['llm.bin', Buffer.concat([i32(20240520, 1, 500), Buffer.alloc(1012), u16(...ids)]), 'llmc'],
  ])('of %s is told', async (name, content, format) => {
    const path = fileIn(folder, name, content);
    expect((await openDocuments(path)).format).toBe(format);
  });

  test('is told by the files beside it', async () => {
    fileIn(
      folder,
      'web.idx',
      Buffer.concat([Buffer.from('MMIDIDX\0\0'), u64(1), Buffer.from([8]), u64(1, 2), i32(500), u64(0, 0, 1)]),
    );
    const bin = fileIn(folder, 'web.bin', u16(...ids));
    for (const path of [bin, `${folder}/web.idx`, `${folder}/web`]) {
      expect(await openDocuments(path)).toMatchObject({ format: 'megatron', path: bin });
    }
    fileIn(folder, 'b.ds.index', u64(500));
    expect((await openDocuments(fileIn(folder, 'b.ds', u16(...ids)))).format).toBe('datatrove');
  });

  test.each([
    ['few.bin', u16(5, 6, 0, 7)],
    ['few.npy', u16(5, 6, 0, 7)],
    ['image.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0xff])],
  ])('of %s has to be stated', async (name, content) => {
    const path = fileIn(folder, name, content);
    const error = await refusalOf(path);
    expect(error).toMatchObject({ code: 'ambiguous-format', where: { file: path } });
    expect(error.hint).toContain('nanogpt');
  });

  test('stated wrongly is refused by the reader, or by name', async () => {
    const path = fileIn(folder, 'x.bin', u16(...ids));
    expect(await refusalOf(path, { format: 'nanogtp' })).toMatchObject({
      code: 'unknown-format',
      hint: 'Did you mean "nanogpt"?',
    });
    for (const [format, code] of [
      ['parquet', 'invalid-parquet'],
      ['llmc', 'invalid-llmc'],
      ['npy', 'invalid-npy'],
      ['megatron', 'missing-file'],
      ['datatrove', 'missing-file'],
      ['mds', 'invalid-file'],
      ['jsonl', 'invalid-text'],
      ['text', 'invalid-text'],
    ] as const) {
      expect((await refusalOf(path, { format })).code, format).toMatch(new RegExp(`${code}|missing-file`));
    }
  });

  test('of nothing, of an empty file and of a folder is an error in plain words', async () => {
    expect(await refusalOf(`${folder}/none`)).toMatchObject({ code: 'missing-file' });
    expect(await refusalOf(fileIn(folder, 'empty', ''))).toMatchObject({ code: 'invalid-file' });
    mkdirSync(`${folder}/sub`);
    expect(await refusalOf(`${folder}/sub`)).toMatchObject({ code: 'invalid-file', message: /folder/ });
  });
});
