/** Embeddings of a domain's documents, summed up as its von Neumann entropy needs them. */

import {
  addEmbeddings,
  type EmbeddingGram,
  emptyGram,
  HASHED_NGRAM_DIMENSION,
  hashedNgramEmbedding,
} from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import type { ReadOptions } from './documents.ts';
import { readEmbeddings } from './embedding-file.ts';
import { openDocuments } from './readers.ts';

/** Documents embedded of a domain, from its beginning: the same number of each, so that domains compare. */
const EMBEDDED_DOCUMENTS = 10_000;
/** Characters of a document that are embedded: what it is about shows early. */
const CHARACTERS = 20_000;

/**
 * Embeds documents by hashed character n-grams, the embedding that needs no download.
 *
 * @throws BimixError `missing-text` for files that hold tokens only, `missing-embeddings` when no document has text
 */
export async function embedDocuments(files: readonly string[], read: ReadOptions): Promise<EmbeddingGram> {
  const embed = hashedNgramEmbedding();
  const gram = emptyGram(HASHED_NGRAM_DIMENSION);
  for (const path of files) {
    if (gram.rows >= EMBEDDED_DOCUMENTS) break;
    const file = await openDocuments(path, read);
    if (file.kind !== 'text') {
      throw new BimixError('missing-text', `missing text: ${path} holds tokens, and documents are embedded from text`, {
        hint: 'Leave --von-neumann out, or give embeddings of the documents with --embeddings.',
      });
    }
    for await (const { texts } of file.batches()) {
      for (const text of texts.slice(0, EMBEDDED_DOCUMENTS - gram.rows)) {
        const vector = embed(text.slice(0, CHARACTERS));
        if (vector.some(value => value !== 0)) addEmbeddings(gram, vector);
      }
      if (gram.rows >= EMBEDDED_DOCUMENTS) break;
    }
  }
  if (gram.rows > 0) return gram;
  throw new BimixError('missing-embeddings', `missing embeddings: no document of ${files.join(', ')} has text`);
}

/** Sums up embeddings that the user made. @throws BimixError as `readEmbeddings` and `addEmbeddings` */
export async function gramOfFile(path: string): Promise<EmbeddingGram> {
  let gram: EmbeddingGram | undefined;
  for await (const { dimension, values } of readEmbeddings(path)) {
    gram ??= emptyGram(dimension);
    if (gram.dimension !== dimension) {
      throw new BimixError(
        'invalid-embeddings',
        `invalid embeddings in ${path}: rows of ${gram.dimension} and of ${dimension} numbers`,
      );
    }
    addEmbeddings(gram, values);
  }
  if (gram !== undefined) return gram;
  throw new BimixError('missing-embeddings', `missing embeddings: ${path} has no rows`, { where: { file: path } });
}
