import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import cl100kRanks from 'js-tiktoken/ranks/cl100k_base';
import gpt2Ranks from 'js-tiktoken/ranks/gpt2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mixedText } from '../../test/mixed-text.ts';
import { addedToken, byteLevel, splitBy, tokenizerFile } from '../../test/tokenizer-files.ts';
import { rankTokenizer } from './bpe-ranks.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { byteLevelTokenizer } from './hugging-face-bpe.ts';
import { readHuggingFaceFile } from './hugging-face-file.ts';
import { gaplessSplits } from './pre-token-pattern.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bimix-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function written(name: string, content: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function tokenizerOf(name: string, content: string) {
  return createTokenizer({ kind: 'file', path: await written(name, content) });
}

async function isOwn(name: string, content: string): Promise<boolean> {
  return byteLevelTokenizer(await readHuggingFaceFile(await written(name, content))) !== undefined;
}

const endOfText = addedToken(50_256, '<|endoftext|>');
const gpt2File = tokenizerFile(gpt2Ranks, { added_tokens: [endOfText] });

test("GPT-2's tokenizer.json of 50,000 merges gives the ids of GPT-2's ranks", async () => {
  const fromFile = await tokenizerOf('gpt2/tokenizer.json', gpt2File);
  const fromRanks = await rankTokenizer('gpt2');
  expect(JSON.parse(gpt2File).model.merges).toHaveLength(50_000);
  expect(fromFile.vocabulary).toBe(50_257);
  fc.assert(
    fc.property(mixedText(), drawn => {
      const text = drawn.replaceAll('<|endoftext|>', '');
      expect(fromFile.encode(text)).toEqual(fromRanks.encode(text));
    }),
    { numRuns: 300 },
  );
  expect([...fromFile.encode('hello<|endoftext|> world')]).toEqual([31373, 50_256, 995]);
  expect(fromFile.identity).toMatchObject({ name: 'gpt2/tokenizer.json', version: expect.stringMatching(/^sha256:/) });
});

const spaces = Array.from({ length: 23 }, (_, i) =>
  addedToken(50_258 + i, ' '.repeat(24 - i), { normalized: true, special: false }),
);
const digits = { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel] };

describe.each([
  // GPT-NeoX, Pythia and OLMo: NFC, and every run of spaces a token.
  {
    kind: 'NeoX',
    file: tokenizerFile(gpt2Ranks, {
      normalizer: { type: 'NFC' },
      added_tokens: [endOfText, addedToken(50_257, '<|padding|>'), ...spaces],
    }),
  },
  { kind: 'StarCoder', file: tokenizerFile(gpt2Ranks, { pre_tokenizer: digits, added_tokens: [endOfText] }) },
  {
    kind: 'Llama 3',
    file: tokenizerFile(
      cl100kRanks,
      { pre_tokenizer: splitBy(gaplessSplits[1]), added_tokens: [addedToken(100_256, '<|endoftext|>')] },
      { ignore_merges: true },
    ),
  },
  {
    kind: 'Qwen',
    file: tokenizerFile(cl100kRanks, {
      pre_tokenizer: splitBy(gaplessSplits[2]),
      normalizer: { type: 'NFC' },
      added_tokens: [addedToken(100_256, '<|endoftext|>')],
    }),
  },
])('a tokenizer.json like that of $kind', ({ kind, file }) => {
  test('runs on our encoder with the ids of the library', async () => {
    expect(await isOwn(`${kind}.json`, file)).toBe(true);
    const own = await tokenizerOf(`${kind}.json`, file);
    const library = new LibraryTokenizer(JSON.parse(file), {});
    // Where the library differs from the Rust original: numerals it takes for no digits, and U+0085 and U+FEFF.
    const text = mixedText().map(text => text.replaceAll(/[\u0085\ufeff]|(?![0-9])\p{N}/gu, ''));
    fc.assert(
      fc.property(text, text => {
        expect([...own.encode(text)]).toEqual(library.encode(text, { add_special_tokens: false }).ids);
      }),
      { numRuns: 300 },
    );
  });
});

test('the longest added token wins, before NFC or after it as the token says', async () => {
  const own = await tokenizerOf(
    'neox.json',
    tokenizerFile(gpt2Ranks, {
      normalizer: { type: 'NFC' },
      added_tokens: [endOfText, addedToken(50_257, 'é', { normalized: true, special: false }), ...spaces],
    }),
  );
  expect([...own.encode('a    b')]).toEqual([64, 50_258 + 20, 65]);
  expect([...own.encode('e\u0301')]).toEqual([50_257]);
});

test('a whole pre-token that no merges make is one token when the file says to ignore merges', async () => {
  const file = JSON.parse(gpt2File);
  file.model.vocab.xqzxqz = 50_257;
  file.model.ignore_merges = true;
  const own = await tokenizerOf('whole.json', JSON.stringify(file));
  expect([...own.encode('xqzxqz')]).toEqual([50_257]);
  expect(own.encode(' xqzxqz').length).toBeGreaterThan(1);
});

test.each([
  ['a space before the text', { pre_tokenizer: { ...byteLevel, add_prefix_space: true } }, {}],
  ['a normalizer', { normalizer: { type: 'Lowercase' } }, {}],
  ['an unknown pattern', { pre_tokenizer: splitBy('\\w+|\\W') }, {}],
  [
    'an added token that takes the space before it',
    { added_tokens: [addedToken(50_256, '<m>', { lstrip: true })] },
    {},
  ],
  ['an end of word', {}, { end_of_word_suffix: '</w>' }],
  ['dropout', {}, { dropout: 0.1 }],
])('%s is left to the library', async (_, parts, model) => {
  expect(await isOwn('left.json', tokenizerFile(gpt2Ranks, parts, model))).toBe(false);
});

test('a WordPiece file goes through the library', async () => {
  const file = {
    added_tokens: [addedToken(0, '[UNK]')],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: { '[UNK]': 0, play: 1, '##ing': 2, '!': 3 },
    },
  };
  const tokenizer = await tokenizerOf('bert/tokenizer.json', JSON.stringify(file));
  expect([...tokenizer.encode('Playing! zzz')]).toEqual([1, 2, 3, 0]);
  expect(tokenizer.vocabulary).toBe(4);
  expect(tokenizer.show(2)).toBe('##ing');
  expect(tokenizer.show(9)).toBe('<id 9>');
});

test('a Unigram file goes through the library', async () => {
  const file = {
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0],
        ['▁a', -1],
        ['b', -2],
        ['▁ab', -1.5],
      ],
    },
  };
  const tokenizer = await tokenizerOf('t5.json', JSON.stringify(file));
  expect([...tokenizer.encode('ab a')]).toEqual([3, 1]);
  expect(tokenizer.identity.name).toBe('t5.json');
});

test.each([
  ['{', /not JSON/],
  ['[]', /it is an empty list/],
  ['{"model": {}}', /model.vocab is missing/],
  ['{"model": {"vocab": {}, "merges": 3}}', /model.merges is wrong: expected pairs of tokens/],
  ['{"model": {"vocab": {}, "merges": [["a", "b"], null]}}', /model.merges is wrong: expected pairs of tokens/],
  ['{"added_tokens": [{"id": -1, "content": "a"}], "model": {"vocab": {}}}', /added_tokens.0.id/],
  ['{"model": {"type": "Sonnet", "vocab": null}}', /model.vocab/],
  ['{"pre_tokenizer": {"type": "Scissors"}, "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}', /Scissors/],
  [
    '{"pre_tokenizer": {"type": {"a": 1}}, "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}',
    /: a part of it has another form than its type$/,
  ],
])('%s is refused with the reason', async (content, message) => {
  const path = await written('broken.json', content);
  await expect(createTokenizer({ kind: 'file', path })).rejects.toThrow(
    expect.objectContaining({
      code: 'invalid-tokenizer',
      message: expect.stringMatching(message),
      where: expect.objectContaining({ file: path }),
    }),
  );
});

test.each([
  [
    'a part that is looked at only with text',
    {
      pre_tokenizer: { type: 'Split', pattern: { Regex: 'a' }, behavior: 7, invert: false },
      model: { type: 'BPE', vocab: { a: 0 }, merges: [] },
    },
    /: a part of it has another form than its type$/,
  ],
  [
    'an unknown token that is no text',
    { model: { type: 'WordPiece', unk_token: { a: '[UNK]' }, vocab: { a: 0 } } },
    /: its unknown token is none of its vocabulary$/,
  ],
  [
    'an id that is none',
    { model: { type: 'WordPiece', unk_token: 'a', vocab: { a: 0, b: 1.5 } } },
    /: an id of its vocabulary is 1.5, expected a whole number$/,
  ],
])('%s is refused, at the latest with the first text', async (_, content, message) => {
  const path = await written('odd.json', JSON.stringify(content));
  const encode = async () => (await createTokenizer({ kind: 'file', path })).encode('a b');
  await expect(encode()).rejects.toThrow(
    expect.objectContaining({ code: 'invalid-tokenizer', message: expect.stringMatching(message) }),
  );
});

test('a file that is not there is missing', async () => {
  await expect(createTokenizer({ kind: 'file', path: join(directory, 'none.json') })).rejects.toThrow(
    expect.objectContaining({ code: 'missing-file' }),
  );
});
