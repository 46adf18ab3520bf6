/** What touches files: runs, laws and mixtures read, text measured, sample corpora written. */

export { type EntropyOfOptions, entropyOf } from './counting/index.ts';
export { readLaw, readMixtureFile } from './files/index.ts';
export { type ImportedRuns, type ImportOptions, importRuns, readRunsFile } from './importers/index.ts';
export { type SampleGroup, sampleGroups, type WrittenCorpora, writeSampleCorpora } from './proxies/index.ts';
