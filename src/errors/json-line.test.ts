import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonLine } from './json-line.ts';

describe('a line of JSON', () => {
  test("may hold Python's NaN and Infinity, but not within text", () => {
    expect(parseJsonLine('{"a": NaN, "b": -Infinity, "NaN": "Infinity", "c": [NaN]}', {})).toEqual({
      a: null,
      b: Number.NEGATIVE_INFINITY,
      NaN: 'Infinity',
      c: [null],
    });
  });

  test.each([
    ['{"a":}', 6],
    ['{"a":1,}', 8],
    ['{"a":1', 7],
    ['{"a":NaN, b}', 11],
    ['{"a":"x', 6],
    ['{a:1}', 2],
    ['{"a":1.}', 7],
    ['{"a":1} x', 9],
    ['{"a":tru}', 6],
    ['[1,[2,{}],[]', 13],
    ['{"aaaa":1,"b":zz,"c":5}', 15],
    ["{'a':1}", 2],
    ['{"a":01}', 7],
    ['', 1],
    ['['.repeat(1e5), 102],
  ])('%j is refused at the right column', (line, column) => {
    expect(() => parseJsonLine(line, { file: 'r.jsonl', line: 3 })).toThrow(
      expect.objectContaining({ code: 'invalid-json', where: { file: 'r.jsonl', line: 3, column } }),
    );
  });

  test('is refused within itself or at its end whenever it is cut short', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, seed) => {
        const line = `{"a":${json}}`;
        const cut = line.slice(0, 1 + (seed % (line.length - 1)));
        expect(() => parseJsonLine(cut, {})).toThrow(expect.objectContaining({ code: 'invalid-json' }));
      }),
      { seed: 1 },
    );
  });
});
