/** Laws beside naive baselines on held-out data. */

import { type EvidenceRow, evidenceBarsChart, formatCount, formatError, groupDigits } from '../../charts/index.ts';
import type { LawEvidence } from '../../evidence/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { Figure } from './figure.ts';

export function evidenceFigure(context: ReportContext): Figure | null {
  const { input, heldOut, targetColours } = context;
  const { evidence } = input;
  if (evidence === null) return null;
  const rows = [...evidence.laws]
    .sort((a, b) => a.mean.mre - b.mean.mre)
    .map((law): EvidenceRow => {
      const targets = Object.entries(law.targets).map(([target, scores]) => ({ target, mre: scores.mre }));
      return { law: law.law, mre: law.mean.mre, baseline: law.kind === 'baseline', targets };
    });
  return {
    name: 'evidence',
    finding: evidenceFinding(heldOut, evidence.laws),
    caption: `Held out (${evidence.split}): ${evidence.meaning}; ${formatCount(evidence.runs, 'run')}, ${groupDigits(evidence.points)} losses. A baseline knows no law: "mean" predicts the mean of the fitted runs, "nearest" the run with the nearest mixture.`,
    draw: options => evidenceBarsChart(rows, targetColours, options),
  };
}

function evidenceFinding(heldOut: LawEvidence | null, laws: readonly LawEvidence[]): string {
  const best = (kind: LawEvidence['kind']): LawEvidence | undefined =>
    laws.filter(law => law.kind === kind).sort((a, b) => a.mean.mre - b.mean.mre)[0];
  const law = heldOut ?? best('law');
  const baseline = best('baseline');
  if (law === undefined) return 'Held-out errors of the baselines only: no law was tested';
  const error = `${law.law} misses held-out losses by ${formatError(law.mean.mre)} on average`;
  if (baseline === undefined) return error;
  const times = baseline.mean.mre / law.mean.mre;
  const compared =
    times >= 1.05
      ? `${times.toFixed(1)} times less than the best naive baseline`
      : 'no better than the best naive baseline';
  return `${error}, ${compared} (${baseline.law}, ${formatError(baseline.mean.mre)})`;
}
