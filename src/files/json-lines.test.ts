import { describe, expect, test } from 'vitest';
import { fileOf } from '../../test/importing.ts';
import { numberAt, textAt } from './data-table.ts';
import { jsonLinesColumns, readJsonLines } from './json-lines.ts';
import { MAX_LINE_LENGTH } from './text-lines.ts';

const read = (text: string) => readJsonLines(fileOf('t.jsonl', text));

describe('a table of JSON lines', () => {
  test('has nested objects flattened and columns in order of appearance', () => {
    const table = read('{"run":"a","w":{"web":0.5,"code":0.5}}\n\n{"run":7,"loss":{"web":NaN},"w":{"web":1}}\n');
    expect(table.columns).toEqual(['run', 'w.web', 'w.code', 'loss.web']);
    expect(table.rowCount).toBe(2);
    expect(textAt(table, 1, 0)).toBe('7');
    expect(numberAt(table, 0, 2)).toBe(0.5);
    expect([numberAt(table, 1, 2), numberAt(table, 1, 3), numberAt(table, 0, 3)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(table.place(1)).toEqual({ file: 't.jsonl', line: 3 });
    expect(table.place(0, 2)).toEqual({ file: 't.jsonl', line: 1, column: 27 });
    expect(jsonLinesColumns(fileOf('t.jsonl', '{"a":1,"b":{"c":2}}\n{'))).toEqual(['a', 'b.c']);
  });

  test('keeps the place of a cell that is not a number', () => {
    const table = read('{"run":"a","loss":"low"}');
    expect(() => numberAt(table, 0, 1)).toThrow(
      expect.objectContaining({ where: { file: 't.jsonl', line: 1, column: 12 } }),
    );
  });

  test.each([
    ['a line cut short', '{"a":1}\n{"a":', 'invalid-json', { line: 2, column: 6 }],
    ['a trailing comma', '{"a":1,}', 'invalid-json', { line: 1, column: 8 }],
    ['a list', '{"a":1}\n[1,2]', 'invalid-json', { line: 2, column: 1 }],
    ['a bare word', '{"a":1}\n{"a":one}', 'invalid-json', { line: 2, column: 6 }],
    ['blank lines only', '\n\n', 'invalid-table', { line: 1 }],
    ['a huge line', `{"a":"${'x'.repeat(MAX_LINE_LENGTH)}"}`, 'invalid-text', { line: 1, column: MAX_LINE_LENGTH + 1 }],
  ])('is refused when it has: %s', (_, text, code, where) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code, where: { file: 't.jsonl', ...where } }));
  });

  test('survives an object nested a hundred thousand deep', () => {
    expect(read(`${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`).rowCount).toBe(1);
  });
});
