/** Von Neumann entropies of a corpus's domains, from embeddings of their documents. */

import { type Corpus, openDocuments } from '../corpus/index.ts';
import {
  addEmbeddings,
  emptyGram,
  HASHED_NGRAM_DIMENSION,
  hashedNgramEmbedding,
  vonNeumannEntropy,
} from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';

/** Documents embedded of each domain, from its beginning: the same number of each, so that domains compare. */
const DOCUMENTS = 10_000;
/** Characters of a document that are embedded: what it is about shows early. */
const CHARACTERS = 20_000;

/**
 * Nats by domain, of hashed character n-grams.
 *
 * @throws BimixError `missing-text` for files that hold tokens only
 */
export async function measureDomains(
  corpus: Corpus,
  files: ReadonlyMap<string, readonly string[]>,
): Promise<Record<string, number>> {
  const embed = hashedNgramEmbedding();
  const entropies: Record<string, number> = {};
  for (const { name, read } of corpus.domains) {
    const gram = emptyGram(HASHED_NGRAM_DIMENSION);
    for (const path of files.get(name) ?? []) {
      const file = await openDocuments(path, read);
      if (file.kind !== 'text') {
        throw new BimixError(
          'missing-text',
          `missing text of "${name}": ${path} holds tokens, and documents are embedded from text`,
          {
            hint: 'Leave --von-neumann out.',
          },
        );
      }
      for await (const { texts } of file.batches()) {
        for (const text of texts.slice(0, DOCUMENTS - gram.rows)) {
          const vector = embed(text.slice(0, CHARACTERS));
          if (vector.some(value => value !== 0)) addEmbeddings(gram, vector);
        }
        if (gram.rows >= DOCUMENTS) break;
      }
      if (gram.rows >= DOCUMENTS) break;
    }
    entropies[name] = vonNeumannEntropy(gram);
  }
  return entropies;
}
