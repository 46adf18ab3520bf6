import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { expect, onTestFinished, test } from 'vitest';
import { mergesFile, mergesTokenizer } from './bpe-merges.ts';
import { BpeTrainer } from './bpe-training.ts';
import { createTokenizer } from './create-tokenizer.ts';

const text =
  "It was the best of times, it was the worst of times; that's 2 × 日本 times.\n\n\tif (x) { wait(12); }\n".repeat(3);
const trainer = new BpeTrainer();
trainer.add(text);
const merges = trainer.merges(1000);
const tokenizer = mergesTokenizer(merges);

test('what was learned shortens the text, and its ids spell the text', () => {
  const ids = tokenizer.encode(text);
  expect(tokenizer.vocabulary).toBe(298);
  expect(ids.length).toBeLessThan(Buffer.byteLength(text) / 2);
  expect(tokenizer.show(tokenizer.encode(' times')[0])).toBe(' times');
  expect([...mergesTokenizer([]).encode('é')]).toEqual([0xc3, 0xa9]);
});

test('the written tokenizer.json gives the same ids, here and in Hugging Face tools', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bimix-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'trained.json');
  await writeFile(path, mergesFile(merges));
  const fromFile = await createTokenizer({ kind: 'file', path });
  const library = new LibraryTokenizer(JSON.parse(mergesFile(merges)), {});
  const unseen = `${text} Unseen wörds, 日, and 👍\r\n`;
  expect(fromFile.encode(unseen)).toEqual(tokenizer.encode(unseen));
  expect(library.encode(unseen, { add_special_tokens: false }).ids).toEqual([...tokenizer.encode(unseen)]);
  expect(fromFile.vocabulary).toBe(298);
});

test('its identity is the hash of the merges, and survives the way to a worker', async () => {
  const sent = await createTokenizer(structuredClone({ kind: 'bpe', merges }));
  expect(sent.identity).toEqual(tokenizer.identity);
  expect(sent.identity.name).toBe('bpe-298');
  expect(mergesTokenizer(merges.slice(0, -2)).identity.version).not.toBe(tokenizer.identity.version);
});

test('a merge of an id that is not made yet is refused', () => {
  expect(() => mergesTokenizer([97, 98, 258, 99])).toThrow(
    expect.objectContaining({
      code: 'invalid-merges',
      message: expect.stringContaining('number 2 joins ids 258 and 99'),
    }),
  );
});
