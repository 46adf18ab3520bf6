/** From count files to `entropy.json`. */

import { createTokenizer, parseTokenizerName, type Tokenizer } from '../corpus/index.ts';
import { type CountsHeader, readDomainCounts } from '../counting/index.ts';
import { type CountedDomain, collectResults, type EntropyResults } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { bimixVersion } from '../files/index.ts';
import type { Warning } from '../laws/index.ts';
import { namedValue } from '../mixture/index.ts';

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
    domains[domain] = {
      counts,
      available: namedValue(available, domain) ?? null,
      vonNeumann: namedValue(vonNeumann, domain) ?? null,
    };
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
  const results = collectResults(domains, {
    version: bimixVersion(),
    tokenizer: first.tokenizer,
    acrossDocuments: first.acrossDocuments,
    estimator,
    ownEmbedding,
    show: id => shown?.show(id) ?? `[${id}]`,
  });
  const notes = headers.flatMap(({ domain, header }) => readerNotes(domain, header));
  return { ...results, warnings: [...results.warnings, ...notes] };
}

/** What readers assumed or found odd, once for each domain with the number of files. */
function readerNotes(domain: string, { sources }: CountsHeader): Warning[] {
  const files = new Map<string, number>();
  for (const note of sources.flatMap(source => source.notes)) files.set(note, (files.get(note) ?? 0) + 1);
  return [...files].map(([note, count]) => {
    const times = count === 1 ? '' : ` (${count} times)`;
    return { code: 'reader-note', message: `"${domain}": ${note}${times}`, domain };
  });
}

/** The tokenizer of a name that says all: bytes, gpt2, o200k. */
async function namedTokenizer(name: string | undefined): Promise<Tokenizer | null> {
  if (name === undefined || !['bytes', 'gpt2', 'o200k'].includes(name)) return null;
  const request = parseTokenizerName(name);
  return request.kind === 'train' ? null : createTokenizer(request);
}
