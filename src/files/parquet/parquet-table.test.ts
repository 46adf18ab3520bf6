import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { fileOf } from '../../../test/importing.ts';
import { numberAt, textAt } from '../data-table.ts';
import { checkParquet, columnsOf, readDataTable } from '../read-table.ts';

const whole = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'run', data: ['a', 'b'], type: 'STRING' },
      { name: 'step', data: [1000n, 2000n], type: 'INT64' },
      { name: 'loss', data: [2.5, null], type: 'DOUBLE', nullable: true },
    ],
  }),
);

describe('a Parquet table', () => {
  test('is read with text, 64-bit integers and missing values', async () => {
    const table = await readDataTable(fileOf('t.parquet', whole));
    expect(table.columns).toEqual(['run', 'step', 'loss']);
    expect(table.rowCount).toBe(2);
    expect(textAt(table, 1, 0)).toBe('b');
    expect(numberAt(table, 1, 1)).toBe(2000);
    expect([numberAt(table, 0, 2), numberAt(table, 1, 2)]).toEqual([2.5, Number.NaN]);
    expect(() => numberAt(table, 1, 0)).toThrow(
      expect.objectContaining({ message: 'invalid number "b" in column "run"', where: { file: 't.parquet', line: 2 } }),
    );
    expect(await columnsOf(fileOf('t.parquet', whole))).toEqual(['run', 'step', 'loss']);
  });

  test.each([
    ['truncated', whole.subarray(0, whole.length - 20)],
    ['a magic and nothing else', whole.subarray(0, 4)],
    ['damaged in its footer', whole.map((byte, i) => (i > whole.length - 60 && i < whole.length - 10 ? 255 : byte))],
  ])('is refused when it is %s', async (_, bytes) => {
    await expect(readDataTable(fileOf('t.parquet', bytes))).rejects.toMatchObject({
      code: 'invalid-parquet',
      message: expect.stringMatching(/^invalid Parquet file t.parquet: /),
    });
    expect(await columnsOf(fileOf('t.parquet', bytes))).toBeUndefined();
    await expect(checkParquet(fileOf('t.parquet', bytes))).rejects.toMatchObject({ code: 'invalid-parquet' });
  });

  test('is refused when it has no rows', async () => {
    const empty = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: [], type: 'DOUBLE' }] }));
    await expect(readDataTable(fileOf('t.parquet', empty))).rejects.toMatchObject({ code: 'invalid-parquet' });
  });
});

test('the columns of something else are undefined', async () => {
  for (const content of [Uint8Array.from([0, 1, 2]), '', '{"a":', '\n\n']) {
    expect(await columnsOf(fileOf('t.bin', content))).toBeUndefined();
  }
});
