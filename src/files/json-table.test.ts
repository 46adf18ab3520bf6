import { describe, expect, test } from 'vitest';
import { fileOf } from '../../test/importing.ts';
import { columnsOf, readDataTable } from './read-table.ts';

const RECORDS = [
  { run: 'a', weights: { web: 0.8 }, loss: 3.4 },
  { run: 'b', weights: { web: 0.5 }, loss: null },
];
const SPLIT = {
  columns: ['run', 'weights.web', 'loss'],
  index: [0, 1],
  data: [
    ['a', 0.8, 3.4],
    ['b', 0.5, null],
  ],
};
const LINES = RECORDS.map(record => JSON.stringify(record));

describe('a table as one JSON document', () => {
  test.each([
    ['records', JSON.stringify(RECORDS)],
    ['records, one a line', `[\n${LINES.join(',\n')}\n]\n`],
    ['records, indented', JSON.stringify(RECORDS, null, 1)],
    ['columns and data', JSON.stringify(SPLIT)],
    ['columns and data, indented', JSON.stringify(SPLIT, null, 2)],
    [
      "columns of cells by row, pandas' default",
      JSON.stringify({
        run: { 0: 'a', 1: 'b' },
        'weights.web': { 0: 0.8, 1: 0.5 },
        loss: { 0: 3.4, 1: null },
      }),
    ],
    ['records under a key', JSON.stringify({ data: RECORDS }, null, 2)],
    ['records under a key, in one line', JSON.stringify({ runs: RECORDS })],
    ["Python's NaN", JSON.stringify(RECORDS).replace('null', 'NaN')],
    ['a byte order mark', `\uFEFF${JSON.stringify(RECORDS)}`],
    ['lines, which are no document', LINES.join('\n')],
  ])('is read from %s', async (_, text) => {
    const file = fileOf('t.json', text);
    expect(await columnsOf(file)).toEqual(['run', 'weights.web', 'loss']);
    const table = await readDataTable(file);
    const cells = Array.from({ length: table.rowCount }, (_, row) => [0, 1, 2].map(at => table.cell(row, at)));
    expect(cells).toEqual([
      ['a', 0.8, 3.4],
      ['b', 0.5, null],
    ]);
  });

  test('knows the lines of its records', async () => {
    const table = await readDataTable(fileOf('t.json', JSON.stringify(RECORDS, null, 1)));
    expect([table.place(0), table.place(1)]).toEqual([
      { file: 't.json', line: 2 },
      { file: 't.json', line: 9 },
    ]);
  });

  test.each([
    ['[]', 'invalid-table', /it has no rows/],
    ['[{"a":1}, 2]', 'invalid-table', /row 2 is no object/],
    ['{"columns":["a",["b"]],"data":[[1,2]]}', 'invalid-table', /a column is called \["b"\], expected text/],
    ['{"columns":["a",null],"data":[[1,2]]}', 'invalid-table', /a column is called null, expected text/],
    ['{"columns":["a","a"],"data":[[1,2]]}', 'invalid-table', /two columns are called "a"/],
    ['{"columns":["a","b"],"data":[[1,2],[3]]}', 'invalid-table', /row 2 has 1 cells, there are 2 columns/],
    ['[{"a":1},\n{"a":', 'invalid-json', /^invalid JSON file t.json: it ends too early/],
    ['[{"a":1},\n{"a":x}]', 'invalid-json', /unexpected/],
  ])('is refused from %s', async (text, code, message) => {
    const file = fileOf('t.json', text);
    await expect(readDataTable(file)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
