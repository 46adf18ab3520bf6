import { expect, test } from 'vitest';
import { documentTokens } from './document-tokens.ts';

test('a document is its UTF-8 bytes and a zero', async () => {
  const { encode, vocabulary, end } = await documentTokens();
  expect([vocabulary, end]).toEqual([256, 0]);
  expect([...encode('aé')]).toEqual([0x61, 0xc3, 0xa9, 0]);
});

test('NUL characters in a text are dropped, and a text of nothing else is no document', async () => {
  const { encode } = await documentTokens();
  expect([...encode('a\0b')]).toEqual([0x61, 0x62, 0]);
  expect(encode('\0').length).toBe(0);
  expect(encode('').length).toBe(0);
});

test('a lone surrogate is U+FFFD', async () => {
  expect([...(await documentTokens()).encode('\ud800')]).toEqual([0xef, 0xbf, 0xbd, 0]);
});

test('merges give their ids and one more for the end of a document', async () => {
  const { encode, vocabulary, end } = await documentTokens({ kind: 'bpe', merges: [0x61, 0x62] });
  expect([vocabulary, end]).toEqual([258, 257]);
  expect([...encode('abb')]).toEqual([256, 0x62, 257]);
});

test('a tokenizer with more ids than a batch can hold is refused', async () => {
  await expect(documentTokens({ kind: 'ranks', name: 'o200k' })).rejects.toMatchObject({ code: 'invalid-tokenizer' });
});
