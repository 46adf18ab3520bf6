/** The token entropies of files, in one call. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenizerSpec } from '../corpus/index.ts';
import { type DomainEntropies, measureEntropies } from '../entropy/index.ts';
import { countCorpus } from './count-corpus.ts';
import { readDomainCounts } from './read-domain-counts.ts';

export interface EntropyOfOptions {
  /** What cuts text into tokens; defaults to bytes. */
  readonly tokenizer?: TokenizerSpec;
  /** Worker threads; defaults to 0, this thread. */
  readonly workers?: number;
}

/**
 * Token entropies of the documents in some files, in nats, by every estimator.
 *
 * @param files of one domain, in any format of `bimix entropy`
 * @throws BimixError `missing-file`, `unknown-format`, and what the files' readers refuse
 *
 * @example
 * ```js
 * import { entropyOf } from 'bimix/node';
 *
 * const { tokens, estimators } = await entropyOf(['web.txt']);
 * ```
 */
export async function entropyOf(files: readonly string[], options: EntropyOfOptions = {}): Promise<DomainEntropies> {
  const { tokenizer = { kind: 'bytes' }, workers = 0 } = options;
  const workFolder = await mkdtemp(join(tmpdir(), 'bimix-entropy-'));
  const domain = 'files';
  try {
    const paths = await countCorpus([{ domain, files, read: {}, tokenizer }], { workFolder, workers });
    const { counts } = await readDomainCounts(paths.get(domain) as string);
    return measureEntropies(domain, counts);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}
