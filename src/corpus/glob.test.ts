import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileIn, temporaryFolder } from '../../test/corpus-files.ts';
import { expandFiles } from './glob.ts';

const folder = temporaryFolder();
for (const sub of ['books', 'books/old', 'code', 'mds', 'mds/train', 'other']) mkdirSync(path.join(folder, sub));
for (const name of [
  'books/b.jsonl.zst',
  'books/a.jsonl.zst',
  'books/B.jsonl.zst',
  'books/10.jsonl.zst',
  'books/9.jsonl.zst',
  'books/old/c.jsonl.zst',
  'books/[1].txt',
  'code/web.bin',
  'code/web.idx',
  'code/x.ds',
  'code/x.ds.index',
  'code/x.ds.metadata',
  'code/x.ds.loss',
  'code/p.npy',
  'code/p.csv.gz',
  'code/alone.csv.gz',
  'mds/train/shard.00000.mds',
  'mds/train/shard.00001.mds.zstd',
  'other/index.json',
  'other/a.jsonl',
]) {
  fileIn(folder, name, name === 'other/index.json' ? '{"a":1}' : 'x');
}
fileIn(folder, 'mds/train/index.json', '{"shards": [], "version": 2}');

const expand = async (...patterns: string[]) =>
  (await expandFiles(patterns, folder)).map(file => path.relative(folder, file));

describe('patterns', () => {
  test('stand for their files, in one order on every machine', async () => {
    const names = ['10', '9', 'B', 'a', 'b'].map(name => `books/${name}.jsonl.zst`);
    expect(await expand('books/*.jsonl.zst')).toEqual(names);
    expect(await expand('books/{b,a}.jsonl.zst', 'books/old/*')).toEqual([names[3], names[4], 'books/old/c.jsonl.zst']);
    expect(await expand('books/**/*.zst')).toEqual([...names, 'books/old/c.jsonl.zst']);
  });

  test('may be plain paths, absolute, or lead out of the folder', async () => {
    expect(await expand('books/[1].txt', './books/a.jsonl.zst')).toEqual(['books/[1].txt', 'books/a.jsonl.zst']);
    const absolute = path.join(folder, 'books', 'a*');
    expect(await expandFiles([absolute], '/tmp')).toEqual([path.join(folder, 'books/a.jsonl.zst')]);
    expect(await expandFiles(['../books/a*'], path.join(folder, 'code'))).toEqual([
      path.join(folder, 'books/a.jsonl.zst'),
    ]);
  });

  test('that meet in a file give it once', async () => {
    expect(await expand('books/a*', 'books/*a.jsonl.zst', 'books/a.jsonl.zst')).toEqual(['books/a.jsonl.zst']);
  });

  test('leave out files that are read with another, so that nothing counts twice', async () => {
    expect(await expand('code/*')).toEqual(['code/alone.csv.gz', 'code/p.npy', 'code/web.bin', 'code/x.ds']);
    expect(await expand('code/web')).toEqual(['code/web.bin']);
    expect(await expand('code/web.idx')).toEqual(['code/web.idx']);
  });

  test('take a folder of MDS as one file, however it is matched', async () => {
    for (const pattern of ['mds/train', 'mds/*', 'mds/**']) expect(await expand(pattern)).toEqual(['mds/train']);
    expect(await expand('mds/train/*')).toEqual(['mds/train/index.json']);
    expect(await expand('other/**')).toEqual(['other/a.jsonl', 'other/index.json']);
  });

  test('without a file, and folders of other things, are errors', async () => {
    await expect(expand('books/*.parquet')).rejects.toMatchObject({
      code: 'missing-files',
      message: `missing files: nothing matches "books/*.parquet" in ${folder}`,
    });
    await expect(expand('none.txt')).rejects.toMatchObject({ code: 'missing-files' });
    await expect(expand('books')).rejects.toMatchObject({
      code: 'invalid-files',
      hint: 'Write "books/*", or "books/**" with the folders below.',
    });
  });
});
