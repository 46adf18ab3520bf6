/** Texts that tokenizers stumble over, for property tests. */

import fc from 'fast-check';

const atoms = [
  ...['a', 'Z', 'the', 'WORD', 'é', 'e\u0301', '中', 'ſ', 'ǅ', 'ʰ', 'İ', 'ß', 'ह', 'ि', '한', 'ع', '\u0301'],
  ...[' ', '  ', '\t', '\n', '\r\n', '\r', '\u00a0', '\u3000', '\u200b', '\u2028', '\u001c', '\0'],
  ...['1', '23', '٣', '½', '²', 'Ⅳ', "'s", "'S", "'LL", "'", '!', '...', '/', '<|endoftext|>', '\u{1d49c}', '👍🏽'],
  ...['\ud800', '\udc00'],
];

/** Strings of a few atoms of every kind, or of any code units at all. */
export function mixedText(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(fc.constantFrom(...atoms), { maxLength: 12 }).map(parts => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
}
