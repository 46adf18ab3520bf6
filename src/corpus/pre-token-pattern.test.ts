import fc from 'fast-check';
import gpt2 from 'js-tiktoken/ranks/gpt2';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { expect, test } from 'vitest';
import { mixedText } from '../../test/mixed-text.ts';
import { digitsPattern, gaplessSplits, gpt2Pattern, preTokenExpression } from './pre-token-pattern.ts';

const cuts = (pattern: string, text: string) => text.match(preTokenExpression(pattern)) ?? [];

test("GPT-2's pattern is the package's", () => {
  expect(gpt2.pat_str).toBe(gpt2Pattern);
});

test.each([gpt2Pattern, digitsPattern, ...gaplessSplits, o200k.pat_str])('no text leaves a gap in %s', pattern => {
  fc.assert(
    fc.property(mixedText(), text => {
      expect(cuts(pattern, text).join('')).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('words take the space before them, contractions and runs of one kind stand alone', () => {
  expect(cuts(gpt2Pattern, "It's  12 naïve fish...\n\n x")).toEqual([
    'It',
    "'s",
    ' ',
    ' 12',
    ' naïve',
    ' fish',
    '...',
    '\n\n',
    ' x',
  ]);
  expect(cuts(digitsPattern, 'a 12  3')).toEqual(['a', ' ', '1', '2', '  ', '3']);
  expect(cuts(gaplessSplits[1], "I'LL 12345\r\n")).toEqual(['I', "'LL", ' ', '123', '45', '\r\n']);
  expect(cuts(gaplessSplits[2], '12345')).toEqual([...'12345']);
  expect(cuts(gaplessSplits[3], "CamelCase don't")).toEqual(['Camel', 'Case', " don't"]);
});

test('the o200k pattern of a tokenizer.json cuts as that of the package', () => {
  fc.assert(
    fc.property(mixedText(), text => {
      expect(cuts(gaplessSplits[3], text)).toEqual(cuts(o200k.pat_str, text));
    }),
    { numRuns: 500 },
  );
});

test("white space is Unicode's, as in Rust: U+0085 is, U+FEFF is not", () => {
  expect(cuts(gpt2Pattern, 'a\u0085\u0085b')).toEqual(['a', '\u0085', '\u0085', 'b']);
  expect(cuts(gpt2Pattern, 'a \ufeff b')).toEqual(['a', ' \ufeff', ' b']);
});
