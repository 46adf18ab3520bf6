export { type EntropyContext, entropyContext } from './entropy-context.ts';
export { ENTROPY_FIGURES } from './figures/index.ts';
export {
  domainsSection,
  ENTROPY_SECTIONS,
  entropiesSection,
  entropyOpening,
  mixturesSection,
  overlapSection,
  rankingSection,
} from './sections/index.ts';
