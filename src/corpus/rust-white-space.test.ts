/**
 * Expected cuts are those of Python's tokenizers 0.23.3, for example
 * `[t for t, _ in pre_tokenizers.WhitespaceSplit().pre_tokenize_str('a\x85b')]`.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, test } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { useRustWhiteSpace } from './rust-white-space.ts';

const WHITE_SPACE = [...'\t\n\v\f\r\u0085\u00a0\u1680\u2000\u2028\u2029\u202f\u205f\u3000'];
const OTHERS = [...'\u001c\u001f\u180e\u200b\ufeff'];

function libraryOf(parts: Record<string, unknown>): Tokenizer {
  const none = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] };
  const file = { ...none, model: { type: 'BPE', vocab: {}, merges: [] }, ...parts };
  const library = new Tokenizer(file as never, {});
  useRustWhiteSpace(library, file);
  return library;
}

function cut(preTokenizer: unknown, text: string): string[] {
  const library = libraryOf({ pre_tokenizer: { type: 'Sequence', pretokenizers: [preTokenizer] } });
  return (library.pre_tokenizer as unknown as (text: string) => string[])(text);
}

describe.each([
  ['WhitespaceSplit', (char: string) => [`a${char}b`]],
  ['Whitespace', (char: string) => ['a', char, 'b']],
  ['BertPreTokenizer', (char: string) => [`a${char}b`]],
])('%s', (type, around) => {
  test.each(WHITE_SPACE.map(char => [char.charCodeAt(0).toString(16), char]))('cuts at U+%s', (_, char) => {
    expect(cut({ type }, `a${char}b`)).toEqual(['a', 'b']);
  });

  test.each(OTHERS.map(char => [char.charCodeAt(0).toString(16), char]))(
    'does not take U+%s for a space',
    (_, char) => {
      expect(cut({ type }, `a${char}b`)).toEqual(around(char));
    },
  );
});

test('Whitespace keeps letters of any script together', () => {
  expect(cut({ type: 'Whitespace' }, 'café naïve_2, “Straße” हिन्दी...')).toEqual([
    'café',
    'naïve_2',
    ',',
    '“',
    'Straße',
    '”',
    'हिन्दी',
    '...',
  ]);
});

test('Strip takes what is white space in Unicode, on the sides it is asked for', () => {
  const strip = (left: boolean, right: boolean, text: string) =>
    (
      libraryOf({ normalizer: { type: 'Strip', strip_left: left, strip_right: right } }).normalizer as never as (
        text: string,
      ) => string
    )(text);
  expect(strip(true, true, '\u0085 a\u0085')).toBe('a');
  expect(strip(true, true, '\ufeffa\ufeff')).toBe('\ufeffa\ufeff');
  expect(strip(true, false, ' a ')).toBe('a ');
});

test('ids of a tokenizer with WhitespaceSplit are those of Rust', async () => {
  const folder = path.resolve('test/field-files/tok-whitespace-split');
  const tokenizer = await createTokenizer({ kind: 'file', path: path.join(folder, 'tokenizer.json') });
  const expected = { feff: 11, nel: 7, '180e': 5, '1c': 3, ls: 2, nbsp: 2, vt: 2, zwsp: 4 };
  for (const [name, tokens] of Object.entries(expected)) {
    const { text } = JSON.parse(readFileSync(path.join(folder, `${name}.jsonl`), 'utf8'));
    expect(tokenizer.encode(text), name).toHaveLength(tokens);
  }
});

test('the vocabulary reaches to the largest added id', async () => {
  const file = path.resolve('test/field-files/tok-big-added-id/tokenizer.json');
  expect((await createTokenizer({ kind: 'file', path: file })).vocabulary).toBe(262_145);
});
