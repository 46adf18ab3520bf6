import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { smallRun, wordDocuments, writeDocuments } from '../../test/proxy-text.ts';
import { readRunCorpus } from './run-corpus.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-run-corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Documents of one letter each, `a` to `z`, 64 bytes long. */
const LETTERS = Array.from({ length: 26 }, (_, n) => String.fromCharCode(97 + n).repeat(64));
const domains = ['letters', 'prose'].map((name, n) => ({
  name,
  train: [writeDocuments(path.join(folder, `${name}.jsonl`), wordDocuments('prose', 20, 40, n))],
  validation: [writeDocuments(path.join(folder, `${name}-held.jsonl`), LETTERS)],
}));

async function validationOf(tokens: number, seed = 1) {
  const run = smallRun(domains, { weights: { letters: 0.5, prose: 0.5 }, seed, evaluation: { at: [7680], tokens } });
  return (await readRunCorpus(run)).domains[0].validation;
}

test('a few validation tokens are taken from all of the text', async () => {
  const { sequences, inputs } = await validationOf(32 * 13);
  expect(sequences).toBe(13);
  const letters = Array.from({ length: 13 }, (_, n) =>
    String.fromCharCode(Math.max(...inputs.slice(32 * n, 32 * n + 32))),
  );
  expect(new Set(letters).size).toBe(13);
  expect(letters[0] <= 'b' && letters[12] >= 'y').toBe(true);
});

test('each target is the byte after its input, and seeds do not matter', async () => {
  const { inputs, targets } = await validationOf(32 * 13);
  for (let n = 0; n < 13; n++) {
    expect(targets.slice(32 * n, 32 * n + 31)).toEqual(inputs.slice(32 * n + 1, 32 * n + 32));
  }
  expect((await validationOf(32 * 13, 2)).inputs).toEqual(inputs);
});

test('asked for more than there is, it is all there is', async () => {
  const { sequences } = await validationOf(1e6);
  expect(sequences).toBe((26 * 64) / 32);
});
