import { describe, expect, test } from 'vitest';
import { columnIndex, type DataTable, numberAt, textAt } from './data-table.ts';

const tableOf = (cell: unknown): DataTable => ({
  file: 't.csv',
  columns: ['loss'],
  rowCount: 1,
  cell: () => cell,
  place: () => ({ file: 't.csv', line: 2, column: 1 }),
});

describe('a cell as a number', () => {
  test.each([
    ['1.5', 1.5],
    [' -2e-3 ', -0.002],
    ['+.5', 0.5],
    ['7.', 7],
    ['inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    [3, 3],
  ])('reads %j', (cell, value) => {
    expect(numberAt(tableOf(cell), 0, 0)).toBe(value);
    expect(numberAt(tableOf(12n), 0, 0)).toBe(12);
  });

  test.each(['', '  ', 'nan', 'NaN', 'NA', 'N/A', '<NA>', 'null', 'None', '-', null, undefined])(
    'is missing where the cell is %j',
    cell => {
      expect(numberAt(tableOf(cell), 0, 0)).toBeNaN();
    },
  );

  test.each(['x', '1,5', '1.5 nats', '0x10', '1e', '--1', true, {}, [1]])('refuses %j', cell => {
    expect(() => numberAt(tableOf(cell), 0, 0)).toThrow(
      expect.objectContaining({
        code: 'invalid-number',
        message: expect.stringMatching(/^invalid number .* in column "loss"$/),
        where: { file: 't.csv', line: 2, column: 1 },
      }),
    );
  });

  test('is cut short in the error when it is long', () => {
    expect(() => numberAt(tableOf('x'.repeat(500)), 0, 0)).toThrow(/^invalid number "x{40}\.\.\."/);
  });
});

describe('a cell as text', () => {
  test('is trimmed, and numbers are written out', () => {
    expect(textAt(tableOf(' a '), 0, 0)).toBe('a');
    expect(textAt(tableOf(17), 0, 0)).toBe('17');
    expect(textAt(tableOf(12n), 0, 0)).toBe('12');
  });

  test.each(['', '  ', null, undefined, {}])('is refused where it is %j', cell => {
    expect(() => textAt(tableOf(cell), 0, 0)).toThrow(/^missing value in column "loss"$/);
  });
});

test('a column that is not there is missing, with the name that was meant', () => {
  expect(columnIndex(tableOf(''), 'loss')).toBe(0);
  expect(() => columnIndex(tableOf(''), 'losss')).toThrow(
    expect.objectContaining({ code: 'missing-column', hint: 'Did you mean "loss"?' }),
  );
});
