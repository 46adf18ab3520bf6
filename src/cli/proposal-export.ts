/** A proposed mixture as a file, with where it came from. */

import { type About, type ExportedMixture, type Exporter, exportWarnings } from '../exporters/index.ts';
import { bimixVersion } from '../files/index.ts';
import type { FittedLaw, Warning } from '../laws/index.ts';
import { formatQuantity, makeMixture } from '../mixture/index.ts';
import type { Proposal } from '../optimize/index.ts';
import { describeVolume } from './law-argument.ts';

export interface WrittenProposal {
  readonly text: string;
  /** What the text leaves out about the mixture. */
  readonly warnings: readonly Warning[];
}

/** More are counted: law.json names them all. */
const MAX_INPUTS = 4;

/** @param date ISO date */
export function exportProposal(
  exporter: Exporter,
  fitted: FittedLaw,
  proposal: Proposal,
  date: string,
): WrittenProposal {
  const size = fitted.size === undefined ? '' : ` of ${formatQuantity(fitted.size)} parameters`;
  const inputs = fitted.provenance.inputs.map(({ file, sha256 }) => `${file} (sha256 ${sha256.slice(0, 12)})`);
  const about: About = {
    law: fitted.law,
    runs: `${fitted.covered.runs.length} runs${size} from ${inputs.length <= MAX_INPUTS ? inputs.join(', ') : `${inputs[0]} and ${inputs.length - 1} more files`}`,
    volume: describeVolume(fitted, proposal.volume.value ?? fitted.volume.scale),
    seed: 'none: the fit and the optimum are deterministic',
    date,
    bimix: bimixVersion(),
  };
  const exported: ExportedMixture = {
    mixture: makeMixture(proposal.mixture),
    about,
    ...(proposal.tokens === null ? {} : { tokens: proposal.tokens }),
    ...(Object.values(proposal.epochs).every(value => value === null) ? {} : { epochs: proposal.epochs }),
  };
  return { text: exporter.write(exported, {}), warnings: exportWarnings(exporter, exported) };
}
