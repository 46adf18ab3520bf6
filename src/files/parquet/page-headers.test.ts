import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BimixError } from '../../errors/index.ts';
import { readPages } from './page-headers.ts';

/** Thrift's compact protocol, as far as page headers go: [field, value] with numbers as i32, lists as structures. */
type Field = readonly [id: number, value: number | readonly Field[] | Uint8Array];

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

function struct(fields: readonly Field[]): number[] {
  let previous = 0;
  const bytes = fields.flatMap(([id, value]) => {
    const type = typeof value === 'number' ? 5 : value instanceof Uint8Array ? 8 : 12;
    const head = ((id - previous) << 4) | type;
    previous = id;
    if (typeof value === 'number') return [head, ...varint(value >= 0 ? 2 * value : -2 * value - 1)];
    if (value instanceof Uint8Array) return [head, ...varint(value.length), ...value];
    return [head, ...struct(value)];
  });
  return [...bytes, 0];
}

const BODY = Buffer.from('the bytes of a page, whatever they mean');

interface Page {
  readonly size?: number;
  readonly crc?: number;
  readonly values?: number;
}

function dataPage({ size = BODY.length, crc, values = 7 }: Page = {}): Buffer {
  const statistics: Field = [
    5,
    [
      [1, Buffer.from('max')],
      [2, Buffer.from('min')],
      [3, 0],
    ],
  ];
  const header = struct([
    [1, 0],
    [2, 100],
    [3, size],
    ...(crc === undefined ? [] : [[4, crc] as Field]),
    [5, [[1, values], [2, 0], [3, 3], [4, 3], statistics]],
  ]);
  return Buffer.concat([Buffer.from(header), BODY]);
}

const dictionary = Buffer.concat([
  Buffer.from(
    struct([
      [1, 2],
      [2, 100],
      [3, 5],
      [
        7,
        [
          [1, 3],
          [2, 2],
        ],
      ],
    ]),
  ),
  Buffer.from('words'),
]);
const second = Buffer.concat([
  Buffer.from(
    struct([
      [1, 3],
      [2, 9],
      [3, BODY.length],
      [
        8,
        [
          [1, 11],
          [2, 0],
          [3, 11],
          [4, 0],
          [5, 0],
          [6, 0],
        ],
      ],
    ]),
  ),
  BODY,
]);

/** What is wrong with the pages, and where. */
function check(
  chunk: Buffer,
  values: number,
): { readonly trouble: string; readonly byte: number | undefined } | undefined {
  try {
    readPages(
      chunk,
      { byte: 1000, values },
      (trouble, byte) => new BimixError('invalid-x', trouble, { where: { byte } }),
    );
    return undefined;
  } catch (error) {
    const { message, where } = error as BimixError;
    return { trouble: message, byte: where.byte };
  }
}

describe('the pages of a Parquet column', () => {
  test('add up to their column, of either version and with a dictionary', () => {
    expect(check(Buffer.concat([dictionary, dataPage(), second, dataPage()]), 25)).toBeUndefined();
  });

  test('are checked against their checksums', () => {
    const crc = crc32(BODY) | 0;
    expect(check(dataPage({ crc }), 7)).toBeUndefined();
    const damaged = Buffer.concat([dictionary, dataPage({ crc })]);
    damaged[damaged.length - 5] ^= 4;
    expect(check(damaged, 7)).toEqual({
      trouble: 'it is damaged, the checksum of a page differs',
      byte: 1000 + dictionary.length,
    });
  });

  test.each([
    ['another number of values', dataPage(), 8, 0, /pages hold 7 values, its footer says 8/],
    ['a page longer than the column', dataPage({ size: 100 }), 7, 0, /longer than its column/],
    ['a page shorter than it says', dataPage({ size: 20 }), 7, 52, /no readable header|longer than its column/],
    ['a negative size', dataPage({ size: -1 }), 7, 0, /no readable header/],
    ['no header', Buffer.alloc(50, 0xff), 7, 0, /no readable header/],
    ['a cut header', dataPage().subarray(0, 9), 7, 0, /no readable header/],
  ])('are refused with %s', (_, chunk, values, byte, message) => {
    const found = check(chunk, values);
    expect(found?.trouble).toMatch(message);
    expect(found?.byte).toBe(1000 + byte);
  });
});
