import fc from 'fast-check';
import { encode as otherO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { encode as otherGpt2 } from 'gpt-tokenizer/encoding/r50k_base';
import { Tiktoken } from 'js-tiktoken/lite';
import gpt2Ranks from 'js-tiktoken/ranks/gpt2';
import o200kRanks from 'js-tiktoken/ranks/o200k_base';
import { describe, expect, test } from 'vitest';
import { mixedText } from '../../test/mixed-text.ts';
import { tokensOfRanks } from '../../test/tokenizer-files.ts';
import { rankDefinition, rankTokenizer } from './bpe-ranks.ts';
import { bpeTokenizer } from './bpe-tokenizer.ts';

const gpt2 = await rankTokenizer('gpt2');
const o200k = await rankTokenizer('o200k');

// get_encoding(name).encode(text, [], []) of tiktoken 1.0.22, the Rust original compiled to WebAssembly.
const KNOWN: readonly [text: string, gpt2: readonly number[], o200k: readonly number[]][] = [
  ['hello world', [31373, 995], [24912, 2375]],
  ['Hello, world!', [15496, 11, 995, 0], [13225, 11, 2375, 0]],
  ['  leading and trailing  ', [220, 3756, 290, 25462, 220, 220], [220, 8117, 326, 57985, 256]],
  [
    'naïve café — “quotes”',
    [2616, 38776, 40304, 851, 564, 250, 421, 6421, 447, 251],
    [1503, 9954, 737, 30469, 2733, 966, 136724, 693],
  ],
  [
    '日本語のテキスト',
    [33768, 98, 17312, 105, 45739, 252, 5641, 24336, 25084, 43302],
    [9048, 40909, 3385, 16056, 18368, 38236],
  ],
  [
    '👩‍👩‍👧‍👦👍🏽',
    [41840, 102, 447, 235, 41840, 102, 447, 235, 41840, 100, 447, 235, 41840, 99, 41840, 235, 8582, 237, 121],
    [28823, 102, 2524, 28823, 102, 2524, 28823, 100, 2524, 28823, 99, 82514, 52622, 121],
  ],
  ['\r\n\r\n\tif (x)\r\n', [201, 198, 201, 198, 197, 361, 357, 87, 8, 201, 198], [1414, 1224, 350, 87, 2278]],
  [
    "I'LL don't 12345 3.14",
    [40, 6, 3069, 836, 470, 17031, 2231, 513, 13, 1415],
    [40, 6, 7454, 4128, 220, 7633, 2548, 220, 18, 13, 1265],
  ],
  ['<|endoftext|>', [27, 91, 437, 1659, 5239, 91, 29], [27, 91, 419, 1440, 919, 91, 29]],
  ['a\u0000b', [64, 188, 65], [64, 188, 65]],
  ['a\ud800b', [64, 4210, 65], [64, 3251, 65]],
  ['\ufeffa  \ufeffb', [171, 119, 123, 64, 220, 27332, 119, 123, 65], [5574, 64, 220, 71280, 65]],
  ['a \u0085\u0085 b', [64, 1587, 227, 126, 227, 275], [64, 1322, 227, 126, 227, 287]],
  ['', [], []],
];

test.each(KNOWN)('%j has the ids of tiktoken', (text, expectedGpt2, expectedO200k) => {
  expect([...gpt2.encode(text)]).toEqual(expectedGpt2);
  expect([...o200k.encode(text)]).toEqual(expectedO200k);
});

describe.each([
  { tokenizer: gpt2, ranks: gpt2Ranks, other: otherGpt2 },
  { tokenizer: o200k, ranks: o200kRanks, other: otherO200k },
])('$tokenizer.identity.name', ({ tokenizer, ranks, other }) => {
  const tiktoken = new Tiktoken(ranks);
  const tokens = tokensOfRanks(ranks);
  const textOf = (ids: Iterable<number>) => Buffer.from(Array.from(ids, id => tokens[id]).join(''), 'latin1');

  test('any text has the ids of js-tiktoken and gpt-tokenizer', () => {
    // They take JavaScript's idea of white space, which differs from tiktoken's at two characters.
    const text = mixedText().map(text => text.replaceAll(/[\u0085\ufeff]/g, ''));
    fc.assert(
      fc.property(text, text => {
        const ids = [...tokenizer.encode(text)];
        expect(ids).toEqual(tiktoken.encode(text, [], []));
        expect(ids).toEqual(other(text, { disallowedSpecial: new Set() }));
      }),
      { numRuns: 500 },
    );
  });

  test('the bytes of the ids are the bytes of the text', () => {
    fc.assert(
      fc.property(mixedText(), text => {
        expect(textOf(tokenizer.encode(text)).equals(Buffer.from(text))).toBe(true);
      }),
    );
  });

  test('the ids of a text do not depend on what came before it or on the size of the cache', () => {
    const definition = rankDefinition('small', ranks);
    const small = bpeTokenizer(definition, 16);
    fc.assert(
      fc.property(fc.array(mixedText(), { maxLength: 8 }), texts => {
        for (const text of texts) expect(small.encode(text)).toEqual(tokenizer.encode(text));
      }),
      { numRuns: 50 },
    );
  });

  test('earlier ids stay as they are when more text is encoded', () => {
    const first = tokenizer.encode('hello world');
    const copy = [...first];
    tokenizer.encode('something else entirely');
    expect([...first]).toEqual(copy);
  });

  test.each(['a', ' ', '0', 'ž'])('a word of a million times "%s" is encoded, and its ids spell it', letter => {
    const text = letter.repeat(1_000_000);
    expect(textOf(tokenizer.encode(text)).equals(Buffer.from(text))).toBe(true);
  });

  test('a text that is one word of ten million letters is refused by name', () => {
    expect(() => tokenizer.encode('中'.repeat(10_000_000))).toThrow(expect.objectContaining({ code: 'invalid-text' }));
  });

  test('every token of the vocabulary is shown in printable characters', () => {
    const shown = Array.from({ length: tokenizer.vocabulary }, (_, id) => tokenizer.show(id));
    expect(shown.filter(text => /[\p{Cc}\p{Zl}]/u.test(text))).toEqual([]);
    expect(tokenizer.show(tokenizer.encode(' world')[0])).toBe(' world');
  });
});

test('vocabularies include the special tokens, which no text becomes', () => {
  expect(gpt2.vocabulary).toBe(50_257);
  expect(gpt2.show(50_256)).toBe('<|endoftext|>');
  expect(o200k.vocabulary).toBe(200_019);
  expect(o200k.show(199_999)).toBe('<|endoftext|>');
  expect(o200k.show(200_001)).toBe('<id 200001>');
});

test('the identity says which ranks and which Unicode', () => {
  expect(gpt2.identity).toEqual({
    name: 'gpt2',
    version: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    unicode: process.versions.unicode,
  });
  expect(o200k.identity.version).not.toBe(gpt2.identity.version);
});
