import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSpelling, showBytes, showText, spellBytes } from './vocabulary.ts';

const allBytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');

test('bytes are spelled with the printable letters of GPT-2', () => {
  expect(spellBytes(' hello\n')).toBe('ĠhelloĊ');
  expect(spellBytes('\u00c3\u00a9')).toBe('Ã©');
  expect(new Set(spellBytes(allBytes)).size).toBe(256);
  expect(readSpelling(spellBytes(allBytes))).toBe(allBytes);
  expect(readSpelling('two words')).toBeUndefined();
});

test('people see text where bytes are UTF-8, hexadecimal where they are not, and no control characters', () => {
  const shown = (text: string) => showBytes(Buffer.from(text).toString('latin1'));
  expect(shown(' the')).toBe(' the');
  expect(shown('\r\n\t\0\u001b[1m')).toBe('\\r\\n\\t\\u{0}\\u{1b}[1m');
  expect(shown('žluť 日本 👍')).toBe('žluť 日本 👍');
  expect(shown('a\u00a0\u200b\u{e0001}')).toBe('a\\u{a0}\\u{200b}\\u{e0001}');
  expect(shown('\ufffd')).toBe('\ufffd');
  expect(showBytes('\u00f0\u009f\u0091')).toBe('\\xf0\\x9f\\x91');
  expect(showBytes('a\u00a9\u00c3')).toBe('a\\xa9\\xc3');
  expect(showText('\ud800')).toBe('\\u{d800}');
});

test('nothing shown can move a terminal, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      expect(showBytes(Buffer.from(bytes).toString('latin1'))).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
