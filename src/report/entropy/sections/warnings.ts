/** What to know before an entropy is trusted. */

import type { Section } from '../../sections/index.ts';
import { warningList } from '../../sections/warnings.ts';
import type { EntropyContext } from '../entropy-context.ts';

export const warningsSection: Section<EntropyContext> = {
  id: 'warnings',
  title: 'Read before you trust a number',
  body: ({ results }) =>
    warningList(results.warnings.map(({ code, message }) => ({ source: 'entropy', code, message, severe: true }))),
};
