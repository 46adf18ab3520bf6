export { mergesFile } from './bpe-merges.ts';
export { BpeTrainer } from './bpe-training.ts';
export { type Corpus, type CorpusDomain, corpusFiles, readCorpus } from './corpus-yaml.ts';
export { createTokenizer } from './create-tokenizer.ts';
export type {
  DocumentFile,
  DocumentReader,
  FilePart,
  ReadOptions,
  TextBatch,
  TextFile,
  TokenBatch,
  TokenDtype,
  TokenFile,
} from './documents.ts';
export { embedDocuments, gramOfFile } from './embed-documents.ts';
export { expandFiles } from './glob.ts';
export { openDocuments, readerNames } from './readers.ts';
export { sameTokenizer, type Tokenizer, type TokenizerIdentity } from './tokenizer.ts';
export { type BpeMerges, parseTokenizerName, type TokenizerRequest, type TokenizerSpec } from './tokenizer-spec.ts';
export { type TrainingDomain, trainTokenizer } from './train-tokenizer.ts';
