export { checkDomainName } from './domain-name.ts';
export { renameDomains } from './match-domains.ts';
export {
  alignMixture,
  type MakeMixtureOptions,
  type Mixture,
  makeMixture,
  mixtureToRecord,
  normalizeProportions,
  SUM_TOLERANCE,
} from './mixture.ts';
export { namedValue } from './named-value.ts';
export { findPreset, listPresets, type Preset } from './presets.ts';
export { formatQuantity, parseQuantity } from './quantity.ts';
export {
  klDivergence,
  leastLinear,
  projectToSimplex,
  type ShareBounds,
  totalVariation,
} from './simplex.ts';
export {
  dataPathOfScript,
  findWrittenMixture,
  type Key,
  parseInlineMixture,
  resolveMixture,
  type WrittenMixture,
} from './written/index.ts';
