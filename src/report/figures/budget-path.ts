/** The best mixture against the budget. */

import { budgetPathChart, COLOURED_DOMAINS, formatShare, formatVolume, roundQuantity } from '../../charts/index.ts';
import type { FittedLaw } from '../../laws/index.ts';
import type { BudgetPath } from '../../optimize/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { Figure } from './figure.ts';

export function budgetPathFigure(context: ReportContext): Figure | null {
  const { input, fitted, domains, domainColours, document } = context;
  const { path, proposal } = input;
  if (path === null || path.points.length < 2) return null;
  const shares = (domain: string): number[] => path.points.map(({ mixture }) => mixture[domain] ?? 0);
  const own = domains.length <= COLOURED_DOMAINS ? domains : domains.slice(0, COLOURED_DOMAINS - 1);
  const rest = domains.slice(own.length);
  const lines = own.map(domain => ({ domain, shares: shares(domain) }));
  if (rest.length > 0) {
    const sums = path.points.map((_, i) => rest.reduce((sum, domain) => sum + shares(domain)[i], 0));
    lines.push({ domain: `${rest.length} other domains`, shares: sums });
  }
  const budget = proposal?.volume.unit === path.unit ? proposal.volume.value : null;
  const volumes = path.points.map(({ volume }) => volume);
  const first = volumes[0];
  const last = volumes[volumes.length - 1];
  const measured = measuredVolumes(fitted, path.unit);
  const beyond = measured === null ? '' : `; beyond ${formatVolume(measured[1], path.unit)} the law extrapolates`;
  return {
    name: 'budget-path',
    finding: pathFinding(path, domains),
    caption: `Best share of tokens at ${volumes.length} budgets from ${formatVolume(first, path.unit)} to ${formatVolume(last, path.unit)}, by ${fitted.law}${beyond}.${rest.length > 0 ? ` The ${rest.length} domains with the smallest shares are one line, their sum.` : ''} Law fitted on ${context.measuredOn}.`,
    svg: budgetPathChart(
      {
        volumes,
        unit: path.unit,
        lines,
        measured,
        budget: budget !== null && budget >= first && budget <= last ? budget : null,
      },
      domainColours,
      { document },
    ),
  };
}

/** Smallest and largest volume of the runs, in the unit of the path; null where that cannot be known. */
function measuredVolumes({ volume }: FittedLaw, unit: BudgetPath['unit']): [number, number] | null {
  const { tokensPerStep } = volume;
  if (volume.unit === unit) return [volume.smallest, volume.largest];
  if (volume.unit === 'none' || tokensPerStep === undefined) return null;
  const factor = unit === 'tokens' ? tokensPerStep : 1 / tokensPerStep;
  return [volume.smallest * factor, volume.largest * factor];
}

function pathFinding({ points, unit }: BudgetPath, domains: readonly string[]): string {
  const first = points[0];
  const last = points[points.length - 1];
  const moves = domains.map(domain => {
    const from = first.mixture[domain] ?? 0;
    const to = last.mixture[domain] ?? 0;
    return { domain, from, to, by: Math.abs(to - from) };
  });
  const largest = moves.reduce((a, b) => (b.by > a.by ? b : a));
  const range = `from ${roundQuantity(first.volume)} to ${formatVolume(last.volume, unit)}`;
  if (largest.by < 0.01) return `The best mixture hardly depends on the budget ${range}: no share moves by 1 point`;
  const verb = largest.to > largest.from ? 'grows' : 'shrinks';
  return `With the budget, ${range}, the best share of ${largest.domain} ${verb} from ${formatShare(largest.from)} to ${formatShare(largest.to)}, the largest move`;
}
