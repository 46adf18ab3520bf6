/** The tokenizer a corpus is counted with: named, read from a file, or trained on the corpus itself. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BpeTrainer,
  type Corpus,
  createTokenizer,
  mergesFile,
  openDocuments,
  parseTokenizerName,
  type Tokenizer,
  type TokenizerSpec,
} from '../corpus/index.ts';
import { writeWholeFile } from '../files/index.ts';
import { sayWritten } from './print.ts';

/** Text of each domain that a tokenizer is trained on, in characters: every domain counts alike. */
const TRAINING_CHARACTERS = 10_000_000;

export interface TokenizerChoice {
  /** Null for files that are tokenised already, by something that nobody named. */
  readonly spec: TokenizerSpec | null;
  readonly tokenizer: Tokenizer | null;
}

/**
 * @param name as given to `--tokenizer` or in corpus.yaml
 * @param workFolder where a trained tokenizer.json goes
 */
export async function tokenizerFor(
  name: string | null,
  corpus: Corpus | null,
  files: ReadonlyMap<string, readonly string[]>,
  workFolder: string,
): Promise<TokenizerChoice> {
  if (name === null) return { spec: null, tokenizer: null };
  const request = parseTokenizerName(name);
  const spec: TokenizerSpec =
    request.kind === 'train' ? await train(request.vocabulary, corpus, files, workFolder) : request;
  return { spec, tokenizer: await createTokenizer(spec) };
}

async function train(
  vocabulary: number,
  corpus: Corpus | null,
  files: ReadonlyMap<string, readonly string[]>,
  workFolder: string,
): Promise<TokenizerSpec> {
  const trainer = new BpeTrainer();
  for (const { name, read } of corpus?.domains ?? []) {
    let left = TRAINING_CHARACTERS;
    for (const path of files.get(name) ?? []) {
      const file = await openDocuments(path, read);
      if (file.kind !== 'text' || left <= 0) continue;
      for await (const { texts } of file.batches()) {
        for (const text of texts) {
          trainer.add(text.slice(0, left));
          left -= text.length;
          if (left <= 0) break;
        }
        if (left <= 0) break;
      }
    }
  }
  const merges = trainer.merges(vocabulary);
  const path = join(workFolder, 'tokenizer.json');
  await mkdir(workFolder, { recursive: true });
  await writeWholeFile(path, mergesFile(merges));
  sayWritten(path, `a BPE of ${256 + merges.length / 2} ids trained on the corpus`);
  return { kind: 'bpe', merges };
}
