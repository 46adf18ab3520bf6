import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileIn, temporaryFolder } from '../../test/corpus-files.ts';
import { corpusFiles, readCorpus } from './corpus-yaml.ts';

const folder = temporaryFolder();
mkdirSync(path.join(folder, 'books'));
fileIn(folder, 'books/a.jsonl', '{"text":"a"}\n');
fileIn(folder, 'books/b.jsonl', '{"text":"b"}\n');
fileIn(folder, 'code.bin', 'x');

const corpusOf = (yaml: string) => readCorpus(fileIn(folder, 'corpus.yaml', yaml));

describe('corpus.yaml', () => {
  test('says which files are which domain and how they are read', async () => {
    const corpus = await corpusOf(`tokenizer: gpt2
domains:
  books: {files: ["books/*.jsonl"], text: body}
  code: {files: code.bin, format: nanogpt, dtype: u16, eos: 50256, available: 12B}
`);
    expect(corpus).toMatchObject({ folder, tokenizer: 'gpt2' });
    expect(corpus.domains).toMatchObject([
      { name: 'books', patterns: ['books/*.jsonl'], read: { text: 'body' }, available: null },
      { name: 'code', patterns: ['code.bin'], read: { format: 'nanogpt', dtype: 'u16', eos: 50256 }, available: 12e9 },
    ]);
    expect([...(await corpusFiles(corpus))]).toEqual([
      ['books', [path.join(folder, 'books/a.jsonl'), path.join(folder, 'books/b.jsonl')]],
      ['code', [path.join(folder, 'code.bin')]],
    ]);
  });

  test('may leave the tokenizer out, or give one by a path beside it', async () => {
    expect((await corpusOf('domains: {a: {files: code.bin}}')).tokenizer).toBeNull();
    const { tokenizer } = await corpusOf('tokenizer: neox/tokenizer.json\ndomains: {a: {files: code.bin}}');
    expect(tokenizer).toBe(path.join(folder, 'neox/tokenizer.json'));
    expect((await corpusOf('tokenizer: /t/tokenizer.json\ndomains: {a: {files: x}}')).tokenizer).toBe(
      '/t/tokenizer.json',
    );
  });

  test.each([
    [
      'an unknown key',
      'tokeniser: gpt2\ndomains: {a: {files: x}}',
      'unknown-key',
      1,
      /unknown key "tokeniser"/,
      /"tokenizer"/,
    ],
    ['an unknown key of a domain', 'domains:\n  a: {files: x, dtyp: u16}', 'unknown-key', 2, /"dtyp"/, /"dtype"/],
    ['an unknown format', 'domains:\n  a: {files: x, format: jsnl}', 'unknown-format', 2, /"jsnl"/, /"jsonl"/],
    [
      'an unknown dtype',
      'domains:\n  a:\n    files: x\n    dtype: u8',
      'invalid-corpus',
      4,
      /expected u16, u32, i32, i64/,
      /^$/,
    ],
    ['an eos that is no id', 'domains:\n  a: {files: x, eos: -1}', 'invalid-corpus', 2, /invalid eos of "a": -1/, /^$/],
    ['an eos of text', 'domains:\n  a: {files: x, eos: "</s>"}', 'invalid-corpus', 2, /expected a token id/, /^$/],
    [
      'a quantity that is none',
      'domains:\n  a: {files: x, available: lots}',
      'invalid-quantity',
      2,
      /"lots"/,
      /12B|100B/,
    ],
    ['no files', 'domains:\n  a: {text: x}', 'invalid-corpus', 2, /invalid files of "a": none/, /For example/],
    [
      'an empty list of files',
      'domains:\n  a: {files: []}',
      'invalid-corpus',
      2,
      /invalid files of "a": \[\]/,
      /For example/,
    ],
    ['a file that is a number', 'domains:\n  a: {files: [1]}', 'invalid-corpus', 2, /invalid files/, /For example/],
    ['a domain without a mapping', 'domains:\n  a: x', 'invalid-corpus', 2, /invalid domain "a": "x"/, /For example/],
    ['no domains', 'tokenizer: gpt2', 'invalid-corpus', 1, /there are none/, /For example/],
    ['a list of domains', 'domains: [a]', 'invalid-corpus', 1, /expected names with files/, /For example/],
    [
      'a tokenizer that is a number',
      'tokenizer: 2\ndomains: {a: {files: x}}',
      'invalid-corpus',
      1,
      /invalid tokenizer: 2/,
      /^$/,
    ],
    [
      'text that is a list',
      'domains:\n  a: {files: x, text: [t]}',
      'invalid-corpus',
      2,
      /expected the name of a field/,
      /^$/,
    ],
  ])('is refused with %s, at its line', async (_, yaml, code, lineNumber, message, hint) => {
    const error = await corpusOf(yaml).catch(error => error);
    expect(error).toMatchObject({ code, where: { file: path.join(folder, 'corpus.yaml'), line: lineNumber } });
    expect(error.where.column).toBeGreaterThan(0);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  test('whose patterns match nothing, or one file twice, is refused at the domain', async () => {
    const none = await corpusOf('domains:\n  a: {files: "*.parquet"}');
    await expect(corpusFiles(none)).rejects.toMatchObject({ code: 'missing-files', where: { line: 2, column: 14 } });
    const twice = await corpusOf('domains:\n  a: {files: "books/*"}\n  b: {files: "books/a.*"}');
    await expect(corpusFiles(twice)).rejects.toMatchObject({
      code: 'invalid-corpus',
      message: expect.stringMatching(/a\.jsonl is in "a" and in "b"$/),
      where: { line: 3 },
    });
  });
});
