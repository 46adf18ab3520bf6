import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText } from './cut-text.ts';

test('parts joined are the text, none longer than the limit or empty', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'word', ' ', '. ', '\n', '\n\n', 'é', '鯨', '😀'),
    maxLength: 300,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 60 }), (whole, limit) => {
      const parts = cutText(whole, limit);
      expect(parts.join('')).toBe(whole);
      expect(Math.max(...parts.map(part => Buffer.byteLength(part)))).toBeLessThanOrEqual(limit);
      expect(parts.filter(part => part === '')).toEqual(whole === '' ? [''] : []);
    }),
  );
});

test('a text within the limit stays whole', () => {
  expect(cutText('one. two\n\nthree', 15)).toEqual(['one. two\n\nthree']);
});

test('cuts at a paragraph before a line, a sentence or a word', () => {
  expect(cutText('aaa aaa aaa\n\nbbb\nbbb. bbb', 20)).toEqual(['aaa aaa aaa\n\n', 'bbb\nbbb. bbb']);
  expect(cutText('aaa aaa. aaa\nbbb bbb. bbb', 20)).toEqual(['aaa aaa. aaa\n', 'bbb bbb. bbb']);
  expect(cutText('aaa aaa aaa. bbb bbb bbb', 20)).toEqual(['aaa aaa aaa. ', 'bbb bbb bbb']);
});
