/** Every section of an entropy report, the answer first. */

import type { Section } from '../../sections/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { domainsSection } from './domains.ts';
import { entropiesSection } from './entropies.ts';
import { mixturesSection } from './mixtures.ts';
import { overlapSection } from './overlap.ts';
import { rankingSection } from './ranking.ts';
import { warningsSection } from './warnings.ts';

export { entropyOpening } from './opening.ts';
export { domainsSection, entropiesSection, mixturesSection, overlapSection, rankingSection };

export const ENTROPY_SECTIONS: readonly Section<EntropyContext>[] = [
  entropiesSection,
  rankingSection,
  mixturesSection,
  domainsSection,
  overlapSection,
  warningsSection,
];
