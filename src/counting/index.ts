export type { CountedFile, CountsHeader } from './counts-header.ts';
export type { CountingOptions, CountingProgress, DomainSpec } from './domain-spec.ts';
