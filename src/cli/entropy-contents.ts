/** From count files to `entropy.json`. */

import { createTokenizer, parseTokenizerName, type Tokenizer } from '../corpus/index.ts';
import { readDomainCounts } from '../counting/index.ts';
import { type CountedDomain, collectResults, type EntropyResults } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { bimixVersion } from '../files/index.ts';

/** Count file of each domain. */
export type CountedFiles = ReadonlyMap<string, string>;

export interface EntropySettings {
  readonly estimator: string;
  /** To show tokens as text; null where it is not at hand. */
  readonly tokenizer: Tokenizer | null;
  /** Tokens there are of each domain; null or absent where not known. */
  readonly available: Readonly<Record<string, number | null>>;
  /** Nats, of domains whose documents were embedded. */
  readonly vonNeumann: Readonly<Record<string, number>>;
  /** Whether those are of the embedding that comes with bimix. */
  readonly ownEmbedding: boolean;
}

/** @throws BimixError `ambiguous-tokenizer` when domains were counted with different tokenizers */
export async function entropyResults(
  files: CountedFiles,
  { estimator, tokenizer, available, vonNeumann, ownEmbedding }: EntropySettings,
): Promise<EntropyResults> {
  const domains: Record<string, CountedDomain> = {};
  const headers = [];
  for (const [domain, path] of files) {
    const { header, counts } = await readDomainCounts(path);
    headers.push({ domain, header });
    domains[domain] = { counts, available: available[domain] ?? null, vonNeumann: vonNeumann[domain] ?? null };
  }
  const [{ domain: firstDomain, header: first }] = headers;
  for (const { domain, header } of headers) {
    const same =
      JSON.stringify(header.tokenizer) === JSON.stringify(first.tokenizer) &&
      header.acrossDocuments === first.acrossDocuments;
    if (!same) {
      const message = `ambiguous tokenizer: "${firstDomain}" and "${domain}" were not counted in the same way`;
      throw new BimixError('ambiguous-tokenizer', message, {
        hint: 'Entropies compare only under one tokenizer: count the domains again together.',
      });
    }
  }
  const shown = tokenizer ?? (await namedTokenizer(first.tokenizer?.name));
  return collectResults(domains, {
    version: bimixVersion(),
    tokenizer: first.tokenizer,
    acrossDocuments: first.acrossDocuments,
    estimator,
    ownEmbedding,
    show: id => shown?.show(id) ?? `[${id}]`,
  });
}

/** The tokenizer of a name that says all: bytes, gpt2, o200k. */
async function namedTokenizer(name: string | undefined): Promise<Tokenizer | null> {
  if (name === undefined || !['bytes', 'gpt2', 'o200k'].includes(name)) return null;
  const request = parseTokenizerName(name);
  return request.kind === 'train' ? null : createTokenizer(request);
}
