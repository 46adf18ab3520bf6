/** Parquet files with a byte changed: no checksum guards most of them, so any byte may lie. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { fileOf } from '../../../test/importing.ts';
import { BimixError } from '../../errors/index.ts';
import type { DataTable } from '../data-table.ts';
import { readDataTable } from '../read-table.ts';

const ROWS = Array.from({ length: 24 }, (_, row) => row);

function tableBytes(codec: 'UNCOMPRESSED' | 'SNAPPY', rowGroupSize: number): Uint8Array {
  const buffer = parquetWriteBuffer({
    codec,
    rowGroupSize,
    columnData: [
      { name: 'run', data: ROWS.map(row => `run-${row % 3}`), type: 'STRING' },
      { name: 'step', data: ROWS.map(row => BigInt(1000 * row)), type: 'INT64' },
      { name: 'loss', data: ROWS.map(row => (row % 7 === 0 ? null : 3 + row / 8)), type: 'DOUBLE', nullable: true },
      { name: 'done', data: ROWS.map(row => row % 2 === 0), type: 'BOOLEAN' },
      { name: 'rank', data: ROWS.map(row => row >> 3), type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
      { name: 'note', data: ROWS.map(row => (row % 5 === 0 ? null : `n${row}`)), type: 'STRING', nullable: true },
    ],
  });
  return new Uint8Array(buffer);
}

/** What is wrong with how damaged bytes are read, or undefined. */
async function troubleWith(bytes: Uint8Array, { columns, rowCount }: DataTable): Promise<string | undefined> {
  try {
    const table = await readDataTable(fileOf('t.parquet', bytes));
    const isSame = table.rowCount === rowCount && table.columns.join() === columns.join();
    return isSame ? undefined : `read as ${table.rowCount} rows of ${table.columns.join()}`;
  } catch (error) {
    const isOurs = error instanceof BimixError && /^invalid Parquet file t\.parquet: [a-z]/.test(error.message);
    return isOurs ? undefined : String(error);
  }
}

test.each([
  ['UNCOMPRESSED', 24, (byte: number) => [0, 255, byte ^ 1, byte ^ 128]],
  ['SNAPPY', 20, (byte: number) => [byte ^ 64]],
] as const)(
  'a byte changed in a table that is %s changes values or is an error, and never hangs',
  async (codec, rowGroupSize, changes) => {
    const whole = tableBytes(codec, rowGroupSize);
    const original = await readDataTable(fileOf('t.parquet', whole));
    const damaged = whole.slice();
    const wrong: string[] = [];
    for (let at = 0; at < whole.length; at++) {
      for (const value of changes(whole[at])) {
        damaged[at] = value;
        const trouble = await troubleWith(damaged, original);
        if (trouble !== undefined) wrong.push(`byte ${at} as ${value}: ${trouble}`);
      }
      damaged[at] = whole[at];
    }
    expect(wrong).toEqual([]);
  },
  120_000,
);

test.each([
  ['pq-b11', 'it is damaged, a page has no readable header'],
  ['pq-b318', 'its footer is damaged'],
  ['pq-1206', 'its footer is damaged'],
])('%s of the reported files is refused', async (name, trouble) => {
  const bytes = readFileSync(path.resolve('test/field-files/parquet-damaged', `${name}.parquet`));
  await expect(readDataTable(fileOf('t.parquet', bytes))).rejects.toMatchObject({
    code: 'invalid-parquet',
    message: expect.stringContaining(trouble),
  });
});
