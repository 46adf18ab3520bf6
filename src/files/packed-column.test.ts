import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PackedColumn } from './packed-column.ts';

const decimals = fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.integer({ min: 0, max: 9 }));
const cell = fc.oneof(
  fc.double(),
  fc.string(),
  fc.constant(undefined),
  fc.boolean(),
  decimals.map(([digits, places]) => (digits / 10 ** places).toFixed(places)),
  fc.constantFrom('', '0', '-0', '00', '1.', '.5', '1e5', '1E-05', 'NaN', '1.50', '12345678901234567890', '0x10', ' 1'),
);

test('every cell comes back as it was, text character by character', () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 50 }), cells => {
      const column = new PackedColumn();
      for (const value of cells) column.push(value);
      expect(column.length).toBe(cells.length);
      expect(cells.map((_, row) => column.at(row))).toEqual(cells);
      expect(column.at(cells.length)).toBeUndefined();
    }),
  );
});

test('blocks that are full keep small whole numbers, repeated names and losses', () => {
  const cells = Array.from(
    { length: 50_000 },
    (_, i) => [i * 1000, `run-${i % 7}`, ((i + 0.5) / 10_000).toFixed(5)][i % 3],
  );
  const column = new PackedColumn();
  for (const value of cells) column.push(value);
  expect(cells.map((_, row) => column.at(row))).toEqual(cells);
  expect(column.numberAt(2)).toBe(0.00025);
  expect(column.numberAt(1)).toBeUndefined();
});
