import { describe, expect, test } from 'vitest';
import { fileOf } from '../../test/importing.ts';
import { numberAt, textAt } from './data-table.ts';
import { delimitedColumns, readDelimited } from './delimited.ts';
import { MAX_LINE_LENGTH } from './text-lines.ts';

const read = (text: string) => readDelimited(fileOf('t.csv', text));

describe('a CSV table', () => {
  test.each([
    ['LF', 'run,web loss\na,1.5\nb,2\n'],
    ['CRLF', 'run,web loss\r\na,1.5\r\nb,2\r\n'],
    ['CR', 'run,web loss\ra,1.5\rb,2\r'],
    ['mixed line ends and empty lines', '\r\nrun,web loss\n\na,1.5\r\nb,2'],
    ['a byte order mark', '\uFEFFrun,web loss\na,1.5\nb,2'],
    ['tabs', '\nrun\tweb loss\na\t1.5\nb\t2\n'],
    ['semicolons', 'run;web loss\na;1.5\nb;2\n'],
    ['quotes', '"run","web loss"\n"a",1.5\n"b","2"\n'],
    ["Excel's separator line", 'sep=;\r\nrun;web loss\r\na;1.5\r\nb;2\r\n'],
    ['decimal commas', 'run;web loss\na;1,5\nb;2,0\n'],
    ['columns and rows left empty', 'run,web loss,,\na,1.5,,\nb,2,,\n,,,\n'],
    ['cells left empty past the header', 'run,web loss\na,1.5,,\nb,2\n'],
    ['spaces around names', ' run , web loss\na,1.5\nb, 2\n'],
  ])('is read with %s', (_, text) => {
    const table = read(text);
    expect(table.columns).toEqual(['run', 'web loss']);
    expect(table.rowCount).toBe(2);
    expect(textAt(table, 1, 0)).toBe('b');
    expect([numberAt(table, 0, 1), numberAt(table, 1, 1)]).toEqual([1.5, 2]);
    expect(delimitedColumns(fileOf('t.csv', text))).toEqual(['run', 'web loss']);
  });

  test('knows the line and column of its cells, past quotes and empty lines', () => {
    const table = read('run,loss\n\n"a, b",1.5\n"c\nd",x\n');
    expect(table.place(0)).toEqual({ file: 't.csv', line: 3 });
    expect(table.place(0, 1)).toEqual({ file: 't.csv', line: 3, column: 8 });
    expect(() => numberAt(table, 1, 1)).toThrow(
      expect.objectContaining({
        message: 'invalid number "x" in column "loss"',
        where: { file: 't.csv', line: 5 },
      }),
    );
  });

  test('has comment lines where asked', () => {
    const table = readDelimited(fileOf('t.csv', '# made, by hand\n# twice\na,c#\n1,2\n'), { comments: true });
    expect(table.columns).toEqual(['a', 'c#']);
    expect(table.place(0, 1)).toEqual({ file: 't.csv', line: 4, column: 3 });
  });

  test.each([
    ['empty', '', /it is empty/, { line: 1 }],
    ['blank', '\n\n', /it is empty/, { line: 1 }],
    ['a header only', 'a,b\n', /a header and no rows/, { line: 1 }],
    ['a column twice', 'a,b,a\n1,2,3\n', /columns 1 and 3 are both called "a"/, { line: 1, column: 5 }],
    ['a short row', 'a,b,c\n1,2,3\n1,2\n', /a row has 2 columns, the header has 3/, { line: 3, column: 4 }],
    ['a long row', 'a,b\n1,2\n1,22,3,4\n', /a row has 4 columns, the header has 2/, { line: 3, column: 6 }],
    ['a quote never closed', 'a,b\n1,"2\n3,4\n', /never closed/, { line: 2, column: 3 }],
    ['text after a quote', 'a,b\n1,"2"x\n', /text follows a closing quote/, { line: 2, column: 3 }],
    ['a quote within a cell', 'a,b\n1,2"x"\n', /a quote stands in the middle/, { line: 2, column: 3 }],
    ['a quote that swallows the file', `a,b\n1,"2\n${'3,4\n'.repeat(400_000)}`, /a quote is never closed/, {}],
  ])('is refused when it has: %s', (_, text, message, where) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'invalid-table',
        message: expect.stringMatching(message),
        where: expect.objectContaining({ file: 't.csv', ...where }),
      }),
    );
  });
  test('is refused when it has a huge line', () => {
    expect(() => read(`a,b\n1,${'x'.repeat(MAX_LINE_LENGTH)}\n`)).toThrow(
      expect.objectContaining({
        code: 'invalid-table',
        where: { file: 't.csv', line: 2, column: MAX_LINE_LENGTH + 1 },
      }),
    );
  });
});
