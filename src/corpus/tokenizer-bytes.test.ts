import { expect, test } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { sameTokenizer } from './tokenizer.ts';

test('bytes are the UTF-8 of the text, below 256', async () => {
  const bytes = await createTokenizer({ kind: 'bytes' });
  expect(bytes.encode('aé👍')).toEqual(Uint32Array.from(Buffer.from('aé👍')));
  expect([...bytes.encode('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
  expect(bytes.encode('')).toHaveLength(0);
  expect(bytes.vocabulary).toBe(256);
  expect([bytes.show(97), bytes.show(10), bytes.show(0xe2)]).toEqual(['a', '\\n', '\\xe2']);
});

test('tokenizers are the same by version and Unicode, not by name', () => {
  const one = { name: 'a/tokenizer.json', version: 'sha256:1', unicode: '17.0' };
  expect(sameTokenizer(one, { ...one, name: 'b/tokenizer.json' })).toBe(true);
  expect(sameTokenizer(one, { ...one, version: 'sha256:2' })).toBe(false);
  expect(sameTokenizer(one, { ...one, unicode: '15.0' })).toBe(false);
});
