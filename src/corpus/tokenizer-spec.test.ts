import { expect, test } from 'vitest';
import { parseTokenizerName } from './tokenizer-spec.ts';

test('names, paths and trained vocabularies are told apart', () => {
  expect(parseTokenizerName('bytes')).toEqual({ kind: 'bytes' });
  expect(parseTokenizerName(' gpt2 ')).toEqual({ kind: 'ranks', name: 'gpt2' });
  expect(parseTokenizerName('o200k')).toEqual({ kind: 'ranks', name: 'o200k' });
  expect(parseTokenizerName('bpe:8192')).toEqual({ kind: 'train', vocabulary: 8192 });
  for (const path of ['tokenizer.json', 'neox/tokenizer.json', './neox', 'C:\\neox\\tokenizer.json']) {
    expect(parseTokenizerName(path)).toEqual({ kind: 'file', path });
  }
});

test.each(['gpt-2', '', 'BYTES', 'cl100k'])('"%s" is no tokenizer, and the message lists those there are', name => {
  expect(() => parseTokenizerName(name)).toThrow(
    expect.objectContaining({
      code: 'unknown-tokenizer',
      message: `unknown tokenizer "${name}"`,
      hint: expect.stringContaining('bytes, gpt2, o200k, bpe:8192'),
    }),
  );
});

test.each(['bpe:', 'bpe:256', 'bpe:262145', 'bpe:8k', 'bpe:-1', 'bpe:1e4', 'bpe: 8192'])('"%s" is no size', name => {
  expect(() => parseTokenizerName(name)).toThrow(expect.objectContaining({ code: 'invalid-tokenizer' }));
});
