/** What was repaired, looks suspicious or was understood, line by line. */

import pc from 'picocolors';
import type { Finding } from '../observations/index.ts';

const MARKS = { repair: pc.yellow('repaired'), suspicion: pc.red('suspicious'), note: pc.dim('note') };

/** @param verbose with every item */
export function findingText(findings: readonly Finding[], kind: Finding['kind'], verbose: boolean): string {
  return findings
    .filter(finding => finding.kind === kind)
    .map(({ message, items }) =>
      [`${MARKS[kind]}: ${message}`, ...(verbose ? items.map(item => `    ${item}`) : [])].join('\n'),
    )
    .join('\n');
}
