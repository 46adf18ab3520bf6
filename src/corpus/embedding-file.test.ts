import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gramOfFile } from './embed-documents.ts';
import { readEmbeddings } from './embedding-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-embeddings-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** As numpy.save writes it. */
function npy(descr: string, shape: string, data: Uint8Array, order = 'False'): Buffer {
  const dict = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const header = `${dict.padEnd(117, ' ')}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header, 'latin1'), data]);
}

async function write(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function rowsOf(path: string): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const { dimension, values } of readEmbeddings(path)) {
    for (let at = 0; at < values.length; at += dimension) rows.push(Array.from(values.subarray(at, at + dimension)));
  }
  return rows;
}

test('reads rows of f4 and f8 arrays', async () => {
  const rows = [
    [1, 0.5, -2],
    [0, 3, 0.25],
  ];
  const f4 = new Uint8Array(Float32Array.from(rows.flat()).buffer);
  const f8 = new Uint8Array(Float64Array.from(rows.flat()).buffer);
  expect(await rowsOf(await write('a.npy', npy('<f4', '2, 3', f4)))).toEqual(rows);
  expect(await rowsOf(await write('b.npy', npy('<f8', '2, 3', f8)))).toEqual(rows);
});

test('reads a column of lists in Parquet', async () => {
  const rows = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  const buffer = parquetWriteBuffer({ columnData: [{ name: 'embedding', data: rows, type: 'JSON' }] });
  expect(await rowsOf(await write('a.parquet', new Uint8Array(buffer)))).toEqual(rows);
});

test('sums up a file for the von Neumann entropy', async () => {
  const data = new Uint8Array(Float32Array.from([1, 0, 0, 1]).buffer);
  expect(await gramOfFile(await write('c.npy', npy('<f4', '2, 2', data)))).toMatchObject({ dimension: 2, rows: 2 });
});

test.each([
  ['integers', npy('<i4', '1, 1', new Uint8Array(4)), 'its type is <i4'],
  ['one dimension', npy('<f4', '2,', new Uint8Array(8)), 'expected documents x dimensions'],
  ['rows without numbers', npy('<f4', '9007199254740993, 0', new Uint8Array(0)), 'have no numbers'],
  ['Fortran order', npy('<f4', '1, 2', new Uint8Array(8), 'True'), 'Fortran order'],
  ['a cut file', npy('<f4', '2, 2', new Uint8Array(8)), 'it has'],
  ['no header', Buffer.from('bare bytes'), 'no NumPy header'],
  ['an empty file', new Uint8Array(), 'empty'],
  ['a row of zeros', npy('<f4', '1, 2', new Uint8Array(8)), 'invalid'],
])('refuses %s', async (name, content, said) => {
  await expect(gramOfFile(await write(`${name}.npy`, content))).rejects.toThrow(said);
});
