/** A small BPE trained on the corpus itself, for text that no existing tokenizer was made for. */

import { BpeTrainer } from './bpe-training.ts';
import type { ReadOptions } from './documents.ts';
import { openDocuments } from './readers.ts';
import type { BpeMerges } from './tokenizer-spec.ts';

/** Characters of each domain that the tokenizer is trained on, from its beginning: every domain counts alike. */
const TRAINING_CHARACTERS = 10_000_000;

export interface TrainingDomain {
  readonly files: readonly string[];
  readonly read: ReadOptions;
}

/** @param vocabulary ids wanted, bytes included */
export async function trainTokenizer(domains: readonly TrainingDomain[], vocabulary: number): Promise<BpeMerges> {
  const trainer = new BpeTrainer();
  for (const domain of domains) {
    let left = TRAINING_CHARACTERS;
    for await (const text of textsOf(domain)) {
      trainer.add(text.slice(0, left));
      left -= text.length;
      if (left <= 0) break;
    }
  }
  return trainer.merges(vocabulary);
}

async function* textsOf({ files, read }: TrainingDomain): AsyncGenerator<string> {
  for (const path of files) {
    const file = await openDocuments(path, read);
    if (file.kind !== 'text') continue;
    for await (const { texts } of file.batches()) yield* texts;
  }
}
