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
import { namedValue } from '../../mixture/index.ts';
import { type Proposal, referenceInWords } from '../../optimize/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { ReferenceMixture } from '../report-input.ts';
import type { Figure } from './figure.ts';

export function mixtureFigure(context: ReportContext): Figure | null {
  const { input, domains, domainColours } = context;
  const { proposal } = input;
  if (proposal === null) return null;
  const [itself, references] = apart(referencesOf(context), proposal);
  const rows = domains.map((domain): MixtureRow => {
    return {
      domain,
      share: proposal.mixture[domain] ?? 0,
      freedom: namedValue(proposal.freedom, domain) ?? null,
      interval: namedValue(proposal.intervals?.mixture, domain) ?? null,
      epochs: namedValue(proposal.epochs, domain) ?? null,
      references: references.map(({ mixture }) => namedValue(mixture, domain) ?? null),
    };
  });
  const names = references.map(({ name }) => name);
  const plain = rows.map(row => ({ ...row, interval: null, references: row.references.slice(0, 1) }));
  const hasMore = names.length > 1 || rows.some(({ interval }) => interval !== null);
  return {
    name: 'mixture',
    finding: mixtureFinding(rows),
    caption: `Shares of tokens${budget(proposal)}, by ${proposal.law}. The line through a bar spans the shares that the domain can have while the predicted loss stays within 0.1 % of the best, if the others move along.${itself.map(({ name }) => ` ${name} is the proposed mixture.`).join('')} Law fitted on ${context.measuredOn}.`,
    draw: options => mixtureBarsChart(plain, names.slice(0, 1), domainColours, options),
    ...(hasMore
      ? {
          fuller: {
            summary: fullerSummary(proposal, names),
            draw: options => mixtureBarsChart(rows, names, domainColours, options),
          },
        }
      : {}),
  };
}

function fullerSummary({ intervals }: Proposal, names: readonly string[]): string {
  const others = names.length > 1 ? `beside ${names.slice(0, REFERENCES_DRAWN).join(', ')}` : '';
  if (intervals === undefined || intervals.mixture === null) return `The same ${others}`;
  const percent = Number((100 * intervals.level).toFixed(1));
  return `The same with ${percent} % intervals${others === '' ? '' : `, ${others}`}. An interval says where the best share could as well be, as far as the runs determine the law; that its form is right is taken for granted`;
}

/** Shares of mixture files have six decimals. */
const ROUNDED = 1e-6;

/** References that are the proposed mixture, whose marks would cover its intervals, and those that are not. */
function apart(
  references: readonly ReferenceMixture[],
  { mixture: proposed }: Proposal,
): readonly [itself: readonly ReferenceMixture[], others: readonly ReferenceMixture[]] {
  const isItself = ({ mixture }: ReferenceMixture): boolean =>
    Object.entries(proposed).every(
      ([domain, share]) => Math.abs((namedValue(mixture, domain) ?? 0) - share) <= ROUNDED,
    );
  return [references.filter(isItself), references.filter(reference => !isItself(reference))];
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

/** A smaller share is not named in the title. */
const WORTH_NAMING = 0.005;

function mixtureFinding(rows: readonly MixtureRow[]): string {
  const sorted = [...rows].sort((a, b) => b.share - a.share);
  const top = sorted
    .filter(({ share }, i) => i === 0 || share >= WORTH_NAMING)
    .slice(0, 3)
    .map(({ domain, share }) => `${domain} (${formatShare(share)})`);
  const most = `The best mixture gives most tokens to ${top.length < 2 ? top[0] : `${top.slice(0, -1).join(', ')} and ${top[top.length - 1]}`}`;
  const ranges = rows.flatMap(({ domain, freedom }) => (freedom === null ? [] : [{ domain, ...freedom }]));
  if (ranges.length === 0) return most;
  const width = ({ from, to }: { from: number; to: number }): number => to - from;
  const widest = ranges.reduce((a, b) => (width(b) > width(a) ? b : a));
  const narrowest = ranges.reduce((a, b) => (width(b) < width(a) ? b : a));
  const range = ({ domain, from, to }: typeof widest): string =>
    `${domain} (${formatShare(from)} to ${formatShare(to)})`;
  if (ranges.length === 1)
    return `${most}; the loss hardly changes while it stays between ${formatShare(widest.from)} and ${formatShare(widest.to)}`;
  return `${most}. There is most room in ${range(widest)}, least in ${range(narrowest)}`;
}

/** Against the first reference with predicted losses. */
export function lossChangeFigure(context: ReportContext): Figure | null {
  const { input, targets } = context;
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
  const said =
    worse === 0 ? 'no domain gets worse' : `${worse} of ${rows.length} domains ${worse === 1 ? 'gets' : 'get'} worse`;
  return {
    name: 'loss-change',
    finding: `Against ${referenceInWords(reference.name)} the mean loss is predicted to change by ${formatChange(change)}; ${said}`,
    caption: `Predicted losses in nats per token${budget(proposal)}, by ${proposal.law}: predictions, not measurements. Law fitted on ${context.measuredOn}.`,
    draw: options => lossChangeChart(rows, referenceInWords(reference.name), options),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
