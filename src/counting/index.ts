export { countCorpus } from './count-corpus.ts';
export { countInShards, type ShardedCounting } from './count-in-shards.ts';
export type { CountedFile, CountsHeader } from './counts-header.ts';
export type { CountingOptions, CountingProgress, DomainSpec } from './domain-spec.ts';
export { type EntropyOfOptions, entropyOf } from './entropy-of.ts';
export { mergeCountFiles, readCountsHeader } from './merge-counts.ts';
export { readDomainCounts } from './read-domain-counts.ts';
