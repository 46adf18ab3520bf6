/** The proposed mixture beside the references, and what it is predicted to change. */

import {
  formatChange,
  formatShare,
  formatVolume,
  lossChangeChart,
  type MixtureRow,
  mixtureBarsChart,
  REFERENCES_DRAWN,
} from '../../charts/index.ts';
import type { Proposal } from '../../optimize/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { ReferenceMixture } from '../report-input.ts';
import type { Figure } from './figure.ts';

export function mixtureFigure(context: ReportContext): Figure | null {
  const { input, domains, domainColours, document } = context;
  const { proposal } = input;
  if (proposal === null) return null;
  const [itself, references] = apart(referencesOf(context), proposal);
  const rows = domains.map((domain): MixtureRow => {
    return {
      domain,
      share: proposal.mixture[domain] ?? 0,
      freedom: proposal.freedom[domain] ?? null,
      interval: proposal.intervals?.mixture?.[domain] ?? null,
      epochs: proposal.epochs[domain] ?? null,
      references: references.map(({ mixture }) => mixture[domain] ?? null),
    };
  });
  const names = references.map(({ name }) => name);
  const left = names.length - REFERENCES_DRAWN;
  return {
    name: 'mixture',
    finding: mixtureFinding(rows),
    caption: `Shares of tokens${budget(proposal)}, by ${proposal.law}. The line through a bar spans every share that some mixture within +0.1 % of the best objective gives the domain, the others moving along.${intervalCaption(proposal)}${itself.map(({ name }) => ` ${name} is the proposed mixture.`).join('')}${left > 0 ? ` ${left === 1 ? 'One more reference is' : `${left} more references are`} in the table.` : ''} Law fitted on ${context.measuredOn}.`,
    svg: mixtureBarsChart(rows, names, domainColours, { document }),
  };
}

/** Shares of mixture files have six decimals. */
const ROUNDED = 1e-6;

/** References that are the proposed mixture, whose marks would cover its intervals, and those that are not. */
function apart(
  references: readonly ReferenceMixture[],
  { mixture: proposed }: Proposal,
): readonly [itself: readonly ReferenceMixture[], others: readonly ReferenceMixture[]] {
  const isItself = ({ mixture }: ReferenceMixture): boolean =>
    Object.entries(proposed).every(([domain, share]) => Math.abs((mixture[domain] ?? 0) - share) <= ROUNDED);
  return [references.filter(isItself), references.filter(reference => !isItself(reference))];
}

/** What the thick lines are; '' without intervals. */
function intervalCaption({ intervals }: Proposal): string {
  if (intervals === undefined || intervals.mixture === null) return '';
  const percent = Number((100 * intervals.level).toFixed(1));
  return ` The thick line is its ${percent} % interval: where the best mixture could as well be, as far as the runs determine the law's coefficients; that the law's form is right is taken for granted.`;
}

/** The proposal's own reference first, then the others, each name once. */
export function referencesOf({ input }: ReportContext): readonly ReferenceMixture[] {
  const own = input.proposal?.reference;
  if (own === null || own === undefined) return input.references;
  const given = input.references.find(({ name }) => name === own.name);
  const first: ReferenceMixture = given ?? own;
  return [
    { ...first, losses: first.losses ?? own.losses },
    ...input.references.filter(({ name }) => name !== own.name),
  ];
}

/** ` for a budget of 100B tokens`, or '' where it is not known. */
export function budget({ volume }: Proposal): string {
  return volume.value === null || volume.unit === 'none'
    ? ''
    : ` for a budget of ${formatVolume(volume.value, volume.unit)}`;
}

function mixtureFinding(rows: readonly MixtureRow[]): string {
  const sorted = [...rows].sort((a, b) => b.share - a.share);
  const top = sorted.slice(0, 3).map(({ domain, share }) => `${domain} (${formatShare(share)})`);
  const most =
    top.length < 3
      ? `The best mixture gives most tokens to ${top[0]}`
      : `The best mixture gives most tokens to ${top[0]}, ${top[1]} and ${top[2]}`;
  const widths = rows.flatMap(({ domain, freedom }) =>
    freedom === null ? [] : [{ domain, width: freedom.to - freedom.from }],
  );
  if (widths.length === 0) return most;
  const widest = widths.reduce((a, b) => (b.width > a.width ? b : a));
  const narrowest = widths.reduce((a, b) => (b.width < a.width ? b : a));
  return `${most}; the least free share is ${narrowest.domain}'s (${points(narrowest.width)} points), the freest ${widest.domain}'s (${points(widest.width)})`;
}

function points(width: number): string {
  return (width * 100).toFixed(1);
}

/** Against the first reference with predicted losses. */
export function lossChangeFigure(context: ReportContext): Figure | null {
  const { input, targets, document } = context;
  const { proposal } = input;
  const reference = referencesOf(context).find(({ losses }) => losses !== null);
  if (proposal === null || reference === undefined || reference.losses === null) return null;
  const { losses } = reference;
  const rows = targets
    .filter(({ target }) => proposal.losses[target] !== undefined && losses[target] !== undefined)
    .map(({ target }) => ({ target, proposed: proposal.losses[target], reference: losses[target] }))
    .sort((a, b) => a.proposed / a.reference - b.proposed / b.reference);
  if (rows.length === 0) return null;
  const change = meanOf(rows.map(row => row.proposed)) / meanOf(rows.map(row => row.reference)) - 1;
  const worse = rows.filter(row => row.proposed > row.reference * (1 + 1e-6)).length;
  const said = worse === 0 ? 'no domain gets worse' : `${worse} of ${rows.length} domains get worse`;
  return {
    name: 'loss-change',
    finding: `Against ${reference.name} the mean loss is predicted to change by ${formatChange(change)}; ${said}`,
    caption: `Predicted losses in nats per token${budget(proposal)}, by ${proposal.law}: predictions, not measurements. Law fitted on ${context.measuredOn}.`,
    svg: lossChangeChart(rows, reference.name, { document }),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
