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
    ['50%', 0.5],
    ['12.5 %', 0.125],
    ['6,43', 6.43],
    ['0,800', 0.8],
    ['49,5%', 0.495],
    ['1,234,567', 1_234_567],
    ['1.234.567', 1_234_567],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['1 000 000', 1_000_000],
    ['1\u00a0000\u202f000', 1_000_000],
    ["1'000'000", 1_000_000],
    ['1_000', 1000],
    ['\u22122.5', -2.5],
    ['1.234', 1.234],
    ['inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    [3, 3],
  ])('reads %j', (cell, value) => {
    expect(numberAt(tableOf(cell), 0, 0)).toBe(value);
    expect(numberAt(tableOf(12n), 0, 0)).toBe(12);
  });

  test.each([
    '',
    '  ',
    'nan',
    'NaN',
    'NA',
    'N/A',
    '<NA>',
    'null',
    'None',
    '-',
    '--',
    '#N/A',
    '#DIV/0!',
    null,
    undefined,
  ])('is missing where the cell is %j', cell => {
    expect(numberAt(tableOf(cell), 0, 0)).toBeNaN();
  });

  test.each(['x', '1,5,', '1,23,456', '%', '5 %%', '1.5 nats', '0x10', '1e', '--1', true, {}, [1]])(
    'refuses %j',
    cell => {
      expect(() => numberAt(tableOf(cell), 0, 0)).toThrow(
        expect.objectContaining({
          code: 'invalid-number',
          message: expect.stringMatching(/^invalid number .* in column "loss"$/),
          where: { file: 't.csv', line: 2, column: 1 },
        }),
      );
    },
  );

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

describe('a comma before three digits', () => {
  const column = (separator: string, ...cells: string[]): DataTable => ({
    file: 't.csv',
    columns: ['steps', 'loss'],
    rowCount: cells.length / 2,
    separator,
    cell: (row, at) => cells[2 * row + at],
    place: row => ({ file: 't.csv', line: row + 2 }),
  });
  const numbers = (table: DataTable) =>
    Array.from({ length: table.rowCount }, (_, row) => [numberAt(table, row, 0), numberAt(table, row, 1)]);

  test('is a decimal comma where the column has others', () => {
    expect(numbers(column(',', '1', '3,456', '2', '3,5'))).toEqual([
      [1, 3.456],
      [2, 3.5],
    ]);
  });

  test('parts thousands where the table has decimal points', () => {
    expect(numbers(column(',', '1,000', '3.45', '2,000', '3.4'))).toEqual([
      [1000, 3.45],
      [2000, 3.4],
    ]);
  });

  test('is a decimal comma between semicolons where nothing else is said', () => {
    expect(numbers(column(';', '1000', '3,456'))).toEqual([[1000, 3.456]]);
    expect(() => numbers(column('\t', '1000', '3,456'))).toThrow(
      expect.objectContaining({
        code: 'ambiguous-number',
        message: 'ambiguous number "3,456" in column "loss"',
        hint: 'It may be 3.456 or 3456, and no other number in the table shows which. Write it without the comma.',
        where: { file: 't.csv', line: 2 },
      }),
    );
  });

  test('makes a point before three digits part thousands, but for decimal points elsewhere', () => {
    expect(numbers(column(';', '1.000', '3,45', '2.000', '3,4'))).toEqual([
      [1000, 3.45],
      [2000, 3.4],
    ]);
    expect(numbers(column(';', '0.5', '3,45', '1.000', '3,4'))).toEqual([
      [0.5, 3.45],
      [1, 3.4],
    ]);
    expect(numbers(column(',', '1.000', '3.456'))).toEqual([[1, 3.456]]);
  });
});
