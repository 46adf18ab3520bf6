import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseCheckedJson, parseJson } from './checked-value.ts';

const schema = z.strictObject({
  kind: z.literal('law'),
  domains: z.array(z.string()).min(1),
  losses: z.record(z.string(), z.number().min(0)),
  size: z.int().nullable().optional(),
  tokenizer: z
    .discriminatedUnion('kind', [z.object({ kind: z.literal('bytes') }), z.object({ kind: z.literal('bpe') })])
    .optional(),
  columns: z.union([z.string(), z.array(z.string())]).optional(),
});
const check = { code: 'invalid-law', what: 'law file', file: 'law.json', hint: 'Write it again.' } as const;
const GOOD = { kind: 'law', domains: ['web'], losses: { web: 3 } };

/** What JSON with these changes is refused with. */
const refused = (changes: Record<string, unknown>, space?: number) => {
  const text = JSON.stringify({ ...GOOD, ...changes }, undefined, space);
  return expect(() => parseCheckedJson(text, schema, check));
};

describe('a value that a schema refuses', () => {
  test.each([
    [{ domains: undefined }, 'domains is missing, expected a list'],
    [{ domains: 3 }, 'domains is 3, expected a list'],
    [{ domains: [] }, 'domains is an empty list, expected at least 1 item'],
    [{ domains: ['a', 7] }, 'domains.1 is 7, expected text'],
    [{ kind: 'lawn' }, 'kind is "lawn", expected "law"'],
    [{ losses: { web: 'x' } }, 'losses.web is "x", expected a number'],
    [{ losses: { web: null } }, 'losses.web is null, expected a number'],
    [{ losses: { web: -1 } }, 'losses.web is -1, expected at least 0'],
    [{ losses: [] }, 'losses is an empty list, expected names with values'],
    [{ size: 1.5 }, 'size is 1.5, expected a whole number'],
    [{ sise: 1 }, 'sise is an unknown key'],
    [{ tokenizer: { kind: 'x' } }, 'tokenizer.kind is "x", expected '],
    [{ columns: [1] }, 'columns.0 is 1, expected text'],
  ])('%j is named by its key and shown', (changes, words) => {
    refused(changes).toThrow(
      expect.objectContaining({ code: 'invalid-law', message: expect.stringContaining(`invalid law file: ${words}`) }),
    );
  });

  test('stands at its line and column', () => {
    refused({ losses: { code: 2, web: 'x' } }, 2).toThrow(
      expect.objectContaining({ where: { file: 'law.json', line: 8, column: 5 }, hint: 'Write it again.' }),
    );
    refused({ domains: ['a', 7] }).toThrow(
      expect.objectContaining({ where: { file: 'law.json', line: 1, column: 30 } }),
    );
  });
});

test.each([
  ['{"a": 1', 'it is not JSON, it ends too early', 1, 8],
  ['{"a": 1,\n "b" 2}', 'it is not JSON, unexpected "2}"', 2, 6],
  ['{"a": NaN}', 'it is not JSON, unexpected "NaN}"', 1, 7],
  ['{"a": "NaN", "b": -Infinity}', 'it is not JSON, unexpected "-Infinity}"', 1, 19],
  ['{"a": {\n"__proto__": 1}}', 'a key is called "__proto__", which JavaScript reserves', 2, 1],
])('%j is refused at its line', (text, trouble, line, column) => {
  expect(() => parseJson(text, check)).toThrow(
    expect.objectContaining({ message: `invalid law file: ${trouble}`, where: { file: 'law.json', line, column } }),
  );
});
