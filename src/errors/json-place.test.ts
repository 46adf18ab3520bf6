import { expect, test } from 'vitest';
import { jsonPlace } from './json-place.ts';

const TEXT = '{"a": {"b": [1, {"c": 2}],\n "d": []},\n "e": "}"}';

test.each([
  [['a', 'd'], 2, 2],
  [['a', 'b', 1, 'c'], 1, 18],
  [['e'], 3, 2],
  [['a', 'missing', 'deep'], 1, 7],
  [['a', 'b', 7], 1, 13],
  [['missing'], 1, 1],
])('%j stands at line %i, column %i; a missing key at what should have it', (keys, line, column) => {
  expect(jsonPlace(TEXT, keys)).toEqual({ line, column });
});
