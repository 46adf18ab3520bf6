import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  expectDocuments,
  fileIn,
  i32,
  plausibleDocuments,
  refusalOf,
  temporaryFolder,
  u16,
  u32,
  u64,
} from '../../test/corpus-files.ts';
import { type MdsColumn, mdsFiles, mdsShard } from '../../test/mds-files.ts';
import { openDocuments } from './readers.ts';

const folder = path.join(temporaryFolder(), 'mds');

function write(
  columns: readonly MdsColumn[],
  shards: readonly (readonly (readonly Uint8Array[])[])[],
  packing?: 'zstd' | 'gz',
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, content] of mdsFiles(columns, shards, packing)) fileIn(folder, name, content);
}

const TEXTS = [['one', 'zwei ü'], ['', '三'.repeat(100)], ['last\0']];
const TEXT_COLUMNS: MdsColumn[] = [
  ['id', 'int', 8],
  ['source', 'str', null],
  ['text', 'str', null],
];
const textShards = TEXTS.map(texts => texts.map((text, i) => [u64(i), Buffer.from('web'), Buffer.from(text)]));

const DOCUMENTS = plausibleDocuments([40, 300, 1, 200], 50_000);
const shards = [DOCUMENTS.slice(0, 2), DOCUMENTS.slice(2)];
const shaped = (ids: readonly number[]) =>
  ids.length < 256 ? [4, ids.length] : [5, ids.length & 255, ids.length >> 8];

describe('a folder of MDS', () => {
  test.each([undefined, 'gz', 'zstd'] as const)('with text has a document a sample, packed as %s', async packing => {
    write(TEXT_COLUMNS, textShards, packing);
    await expectDocuments(folder, TEXTS.flat());
    await expectDocuments(path.join(folder, 'index.json'), TEXTS.flat());
    expect(await openDocuments(folder)).toMatchObject({ format: 'mds', kind: 'text', path: folder });
    await expectDocuments(folder, Array(5).fill('web'), { text: 'source' });
  });

  test.each([
    ['ndarray:uint16', u16, []],
    ['ndarray:uint32', u32, []],
    ['ndarray:int32', i32, []],
    ['ndarray:int64', u64, []],
    ['ndarray', u16, [16]],
    ['ndarray', i32, [33]],
  ] as const)('with tokens of %s has a document a sample', async (encoding, asBytes, type) => {
    write(
      [['tokens', encoding, null]],
      shards.map(documents =>
        documents.map(ids => [Buffer.concat([Buffer.from([...type, ...shaped(ids)]), asBytes(...ids)])]),
      ),
    );
    await expectDocuments(folder, DOCUMENTS);
    expect((await openDocuments(folder)).notes).toEqual(['no eos was stated: each sample counts as a document']);
  });

  test('with tokens of one shape, or of bare bytes, is read', async () => {
    const same = plausibleDocuments([64, 64, 64], 50_000);
    write([['tokens', 'ndarray:int32:64', 256]], [same.map(ids => [i32(...ids)])]);
    await expectDocuments(folder, same);
    write([['tokens', 'bytes', null]], [DOCUMENTS.map(ids => [u64(...ids)])]);
    await expectDocuments(folder, DOCUMENTS);
    write([['tokens', 'bytes', null]], [DOCUMENTS.map(ids => [u16(...ids)])]);
    await expectDocuments(folder, DOCUMENTS, { dtype: 'u16' });
    expect(await refusalOf(folder)).toMatchObject({
      code: 'invalid-dtype',
      where: { file: `${folder}/shard.00000.mds` },
    });
  });

  test('with samples cut to one length is cut at eos too', async () => {
    const eos = 50_001;
    const stream = DOCUMENTS.flatMap(ids => [...ids, eos]);
    const samples = [stream.slice(0, 100), stream.slice(100, 200), stream.slice(200)];
    write(
      [['tokens', 'ndarray:uint16', null]],
      [samples.map(ids => [Buffer.concat([Buffer.from(shaped(ids)), u16(...ids)])])],
    );
    const [a, b, c, d] = DOCUMENTS;
    await expectDocuments(folder, [a, b.slice(0, 59), b.slice(59, 159), b.slice(159), c, d], { eos });
  });

  const shard = `${folder}/shard.00001.mds`;
  const second = mdsShard(TEXT_COLUMNS, textShards[1]);
  const changed = (at: number, value: number) => {
    const bytes = Buffer.from(second);
    bytes.writeUInt32LE(value, at);
    return bytes;
  };
  const first = second.readUInt32LE(4);

  beforeEach(() => write(TEXT_COLUMNS, textShards));

  test.each([
    ['a shard cut off', second.subarray(0, -3), second.length - 3, /its index says/],
    ['something after a shard', Buffer.concat([second, u16(1)]), second.length, /its index says/],
    ['another number of samples', changed(0, 9), 0, /it has 9 samples, its index says 2/],
    ['a sample beyond the shard', changed(8, 1e6), 8, /sample 1 begins at byte 1000000, which cannot be/],
    ['samples out of order', changed(4, first + 60), 8, /sample 1 begins/],
    ['a sample within the header', changed(4, 3), 4, /sample 0 begins at byte 3/],
    ['another end', changed(12, second.length - 1), 12, /its samples end at byte/],
    ['sizes that do not fit', changed(first, 4), first, /a sample of 19 bytes has values of 20/],
  ])('is refused with %s', async (_, bytes, byte, message) => {
    fileIn(folder, 'shard.00001.mds', bytes);
    expect(await refusalOf(folder)).toMatchObject({
      code: 'invalid-mds',
      message: expect.stringMatching(message),
      where: { file: shard, byte },
    });
  });

  test('with text that is not UTF-8 is refused at its byte', async () => {
    write([['text', 'str', null]], [[[Buffer.from('ok')], [Buffer.from('na\xefve', 'latin1')]]]);
    const error = await refusalOf(folder);
    expect(error).toMatchObject({ code: 'invalid-text', where: { file: `${folder}/shard.00000.mds` } });
    const size = mdsShard([['text', 'str', null]], [[Buffer.from('ok')], [Buffer.from('naive')]]).length;
    expect(error.where.byte).toBe(size - 3);
  });

  test('with a damaged packed shard is refused', async () => {
    write(TEXT_COLUMNS, textShards, 'gz');
    const packed = gzipSync(second);
    packed[packed.length - 6] ^= 1;
    fileIn(folder, 'shard.00001.mds.gz', packed);
    expect(await refusalOf(folder)).toMatchObject({ code: 'invalid-gzip', where: { file: `${shard}.gz` } });
  });

  test.each([
    ['no JSON', '{"shards": [', /it is not JSON/],
    ['another version', '{"version":1,"shards":[]}', /version/],
    ['another format', '{"version":2,"shards":[{"format":"json"}]}', /shards\.0\.format/],
    ['a list without shards', '{"version":2,"shards":[null]}', /shards\.0 is null/],
  ])('is refused when its index is %s', async (_, index, message) => {
    const file = fileIn(folder, 'index.json', index);
    expect(await refusalOf(folder, { format: 'mds' })).toMatchObject({
      code: 'invalid-mds',
      message: expect.stringMatching(message),
      where: { file },
    });
  });

  test('is refused without a shard, without samples, or with an unknown packing', async () => {
    rmSync(shard);
    expect(await refusalOf(folder)).toMatchObject({ code: 'missing-file', where: { file: shard } });
    write(TEXT_COLUMNS, []);
    expect(await refusalOf(folder)).toMatchObject({ code: 'invalid-file' });
    write(TEXT_COLUMNS, textShards, 'gz');
    const index = `${folder}/index.json`;
    fileIn(folder, 'index.json', readFileSync(index, 'utf8').replaceAll('gz:3', 'br:11'));
    expect(await refusalOf(folder)).toMatchObject({
      message: expect.stringMatching(/compressed, with br:11, expected gz or zstd/),
    });
    fileIn(folder, 'index.json', readFileSync(index, 'utf8').replaceAll('"br:11"', 'null'));
    expect(await refusalOf(folder)).toMatchObject({
      message: expect.stringMatching(/compressed, it does not say with what, expected gz or zstd/),
    });
  });

  test.each([
    ['samples', '"samples":2', '"samples":1.5', 'shards.0.samples is 1.5, expected a whole number'],
    [
      'bytes',
      '"bytes":',
      '"bytes":-',
      /^invalid MDS file .*: shards\.0\.raw_data\.bytes is -\d+, expected at least 0$/,
    ],
    ['sizes of columns', '[8,null,null]', '[-8,null,null]', 'shards.0.column_sizes.0 is -8, expected at least 0'],
  ])('is refused where its index has %s that cannot be', async (_, from, to, message) => {
    const index = `${folder}/index.json`;
    const text = readFileSync(index, 'utf8');
    expect(text).toContain(from);
    fileIn(folder, 'index.json', text.replace(from, to));
    const error = await refusalOf(folder);
    expect(error).toMatchObject({ code: 'invalid-mds', where: { file: index } });
    expect(error.message).toMatch(message);
  });

  test('is refused when the column is not there, or is neither text nor ids', async () => {
    expect(await refusalOf(folder, { text: 'txt' })).toMatchObject({
      code: 'missing-column',
      hint: 'Did you mean "text"? State it as "text: NAME".',
    });
    expect(await refusalOf(folder, { text: 'id' })).toMatchObject({
      code: 'invalid-column',
      message: `invalid column "id" in ${folder}: its encoding is int`,
    });
  });

  test('with arrays that are no lists of ids is refused at their byte', async () => {
    for (const [encoding, bytes, message] of [
      ['ndarray:float32', [4, 1, 0, 0, 0, 0], /its type is float32/],
      ['ndarray', [34, 4, 1, 0, 0, 0, 0], /its type is code 34/],
      ['ndarray:uint16', [8, 1, 1, 0, 0], /it has 2 dimensions/],
      ['ndarray:uint16', [4], /it is cut off/],
      ['ndarray', [], /it is cut off/],
      ['ndarray:uint16', [4, 1, 7], /not a whole number of u16 ids/],
    ] as const) {
      write([['tokens', encoding, null]], [[[Buffer.from(bytes)]]]);
      const error = await refusalOf(folder);
      expect(error.message).toMatch(message);
      expect(error.where.file).toBe(`${folder}/shard.00000.mds`);
      expect(error.where.byte).toBeGreaterThan(0);
    }
  });

  test('with an id beyond the vocabulary is refused at its byte', async () => {
    write([['tokens', 'ndarray:uint16', null]], [[[Buffer.concat([Buffer.from([4, 2]), u16(7, 500)])]]]);
    const error = await refusalOf(folder, { vocabularyLimit: 500 });
    const size = mdsShard([['tokens', 'ndarray:uint16', null]], [[Buffer.alloc(6)]]).length;
    expect(error).toMatchObject({ code: 'invalid-tokens', where: { byte: size - 2 } });
  });
});
