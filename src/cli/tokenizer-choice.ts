/** The tokenizer a corpus is counted with: named, read from a file, or trained on the corpus itself. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createTokenizer,
  mergesFile,
  parseTokenizerName,
  type Tokenizer,
  type TokenizerSpec,
  type TrainingDomain,
  trainTokenizer,
} from '../corpus/index.ts';
import { writeWholeFile } from '../files/index.ts';
import { sayWritten } from './print.ts';

export interface TokenizerChoice {
  /** Null for files that are tokenized already, by something that nobody named. */
  readonly spec: TokenizerSpec | null;
  readonly tokenizer: Tokenizer | null;
}

/**
 * @param name as given to `--tokenizer` or in corpus.yaml
 * @param domains what `bpe:N` is trained on
 * @param workFolder where a trained tokenizer.json goes
 */
export async function tokenizerFor(
  name: string | null,
  domains: readonly TrainingDomain[],
  workFolder: string,
): Promise<TokenizerChoice> {
  if (name === null) return { spec: null, tokenizer: null };
  const request = parseTokenizerName(name);
  const spec: TokenizerSpec =
    request.kind === 'train' ? { kind: 'bpe', merges: await trainTokenizer(domains, request.vocabulary) } : request;
  if (spec.kind === 'bpe') {
    const path = join(workFolder, 'tokenizer.json');
    await mkdir(workFolder, { recursive: true });
    await writeWholeFile(path, mergesFile(spec.merges));
    sayWritten(path, `a BPE of ${256 + spec.merges.length / 2} ids trained on the corpus`);
  }
  return { spec, tokenizer: await createTokenizer(spec) };
}
