export { type CountedDomain, collectResults, type ResultOptions } from './collect-results.ts';
export type { ConvergenceCurve, CurvePoint, RarefiedPoint } from './convergence.ts';
export type { DivergenceMatrix } from './divergence.ts';
export type { DomainCounts, NgramSpectra } from './domain-counts.ts';
export { type DomainEntropies, type EntropyEstimate, measureEntropies } from './domain-entropies.ts';
export { addEmbeddings, type EmbeddingGram, emptyGram } from './embedding-gram.ts';
export { formatEntropyResults, parseEntropyResults } from './entropy-json.ts';
export type {
  ConvergencePoint,
  DomainEntropy,
  Entropies,
  EntropyResults,
  Interval,
} from './entropy-results.ts';
export type { Estimator } from './estimator.ts';
export { BEST_ESTIMATOR, ESTIMATORS, findEstimator } from './estimators.ts';
export { HASHED_NGRAM_DIMENSION, hashedNgramEmbedding } from './hashed-ngrams.ts';
export type { EntropyInterval } from './intervals.ts';
export { TOKEN_ENTROPIES, type TokenEntropies, type TokenEntropy } from './ngram-entropies.ts';
export {
  type DomainWorth,
  entropyMixture,
  PROXIES,
  type Proxy,
  type ProxyMixture,
  proxyMixtures,
} from './proxy-mixtures.ts';
export { type Ranking, rankDomains } from './ranking.ts';
export type { Spectrum } from './spectrum.ts';
export { vonNeumannEntropy } from './von-neumann.ts';
export type { EntropyWarning } from './warning.ts';
