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
