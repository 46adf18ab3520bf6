/** Every law on the runs, where they were compared. */

import { comparisonBody } from '../comparison/index.ts';
import type { Section } from './section.ts';

export const comparisonSection: Section = {
  id: 'comparison',
  title: 'Which law predicts these runs best?',
  body: ({ comparison }, figure) => (comparison === null ? null : comparisonBody(comparison, figure)),
};
