/** The best mixture against the budget. */

import { budgetPathChart, COLOURED_DOMAINS, formatShare, formatVolume, roundQuantity } from '../../charts/index.ts';
import type { FittedLaw } from '../../laws/index.ts';
import type { BudgetPath } from '../../optimize/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { Figure } from './figure.ts';

export function budgetPathFigure(context: ReportContext): Figure | null {
  const { input, fitted, domains, domainColours } = context;
  const { path, proposal } = input;
  if (path === null || path.points.length < 2) return null;
  const shares = (domain: string): number[] => path.points.map(({ mixture }) => mixture[domain] ?? 0);
  const own = domains.length <= COLOURED_DOMAINS ? domains : domains.slice(0, COLOURED_DOMAINS - 1);
  const rest = domains.slice(own.length);
  const lines: Line[] = own.map(domain => ({ domain, shares: shares(domain) }));
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
    finding: pathFinding(path, lines),
    caption: `Best share of tokens at ${volumes.length} budgets from ${formatVolume(first, path.unit)} to ${formatVolume(last, path.unit)}, by ${fitted.law}${beyond}.${rest.length > 0 ? ` The ${rest.length} domains with the smallest shares are one line, their sum.` : ''} Law fitted on ${context.measuredOn}.`,
    draw: options =>
      budgetPathChart(
        {
          volumes,
          unit: path.unit,
          lines,
          measured,
          budget: budget !== null && budget >= first && budget <= last ? budget : null,
        },
        domainColours,
        options,
      ),
  };
}

/** One line of the chart: the best share of tokens at each budget. */
interface Line {
  readonly domain: string;
  readonly shares: readonly number[];
}

/** Smallest and largest volume of the runs, in the unit of the path; null where that cannot be known. */
function measuredVolumes({ volume }: FittedLaw, unit: BudgetPath['unit']): [number, number] | null {
  const { tokensPerStep } = volume;
  if (volume.unit === unit) return [volume.smallest, volume.largest];
  if (volume.unit === 'none' || tokensPerStep === undefined) return null;
  const factor = unit === 'tokens' ? tokensPerStep : 1 / tokensPerStep;
  return [volume.smallest * factor, volume.largest * factor];
}

/** Smaller moves are none: the title then says that the mixture hardly depends on the budget. */
const MIN_MOVE = 0.01;
/** A share that turns back by less than this still grows or shrinks. */
const TURN = 0.001;

/** From every budget drawn, not from the ends: a share may go down and come back. */
function pathFinding({ points, unit }: BudgetPath, lines: readonly Line[]): string {
  const first = points[0];
  const last = points[points.length - 1];
  const spans = lines.map(({ domain, shares }) => {
    return { domain, shares, low: Math.min(...shares), high: Math.max(...shares) };
  });
  const widest = spans.reduce((a, b) => (b.high - b.low > a.high - a.low ? b : a));
  const { domain, shares, low, high } = widest;
  const range = `from ${roundQuantity(first.volume)} to ${formatVolume(last.volume, unit)}`;
  if (high - low < MIN_MOVE) return `The best mixture hardly depends on the budget ${range}: no share moves by 1 point`;
  const [from, to] = [formatShare(shares[0]), formatShare(shares[shares.length - 1])];
  const lead = `As the budget grows ${range}, the best share of ${domain}`;
  const steps = shares.slice(1).map((share, i) => share - shares[i]);
  if (steps.every(step => step > -TURN)) return `${lead} grows from ${from} to ${to}, the largest move`;
  if (steps.every(step => step < TURN)) return `${lead} shrinks from ${from} to ${to}, the largest move`;
  const at = (share: number): string =>
    `${formatShare(share)} at ${roundQuantity(points[shares.indexOf(share)].volume)}`;
  return `${lead} moves most, and back and forth: between ${at(low)} and ${at(high)} ${unit}`;
}
