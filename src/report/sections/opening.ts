/** The question and its answer in a few figures: what a reader takes away who reads no further. */

import { formatChange, formatCount, formatError, formatShare, formatVolume } from '../../charts/index.ts';
import { formatQuantity } from '../../mixture/index.ts';
import { bestRunInWords } from '../../optimize/index.ts';
import { referencesOf } from '../figures/mixture.ts';
import { type Html, html, sentence } from '../html.ts';
import type { ReportContext } from '../report-context.ts';
import { type Tile, tileList } from '../tiles.ts';
import { reportWarnings } from './warnings.ts';

export function opening(context: ReportContext): Html {
  const tiles = [errorTile(context), gainTile(context), freedomTile(context), dataTile(context)];
  const warnings = reportWarnings(context).filter(({ severe }) => severe).length;
  return html`<p class="question">${question(context)}</p>
${bestRunNote(context)}
${tileList(tiles)}
<p class="verdict"><b>Can these runs carry this law?</b> ${sentence(context.fitted.verdict)}${
    warnings === 0 ? null : html` <a href="#warnings">${formatCount(warnings, 'warning')}</a> to read first.`
  }</p>`;
}

function question({ input, domains, fitted }: ReportContext): string {
  const { proposal } = input;
  const among = `${domains.length} domains`;
  const lead = domains
    .slice(0, 3)
    .map(domain => `${domain} ${formatShare(proposal?.mixture[domain] ?? 0)}`)
    .join(', ');
  if (proposal === null) {
    return `How does the loss of each domain depend on the shares of tokens of ${among}${fitted.volume.unit === 'none' ? '' : ' and on the data volume'}? This report shows what ${fitted.law} says, and how far it can be trusted.`;
  }
  const { unit, value } = proposal.volume;
  const what = value === null || unit === 'none' ? 'the training tokens' : formatVolume(value, unit);
  const rest = domains.length > 3 ? ` and ${domains.length - 3} more below` : '';
  return `How should ${what} be split over ${among}? The answer of ${proposal.law}: ${lead}${rest} (shares of tokens).`;
}

/** The run to beat, before what the proposal gains on any reference. */
function bestRunNote({ input: { proposal } }: ReportContext): Html | null {
  if (proposal === null || proposal.bestRun === null) return null;
  const contender = { name: 'The proposal', loss: proposal.meanLoss };
  return html`<p class="best-run">${bestRunInWords(proposal.bestRun, contender, proposal.volume)}</p>`;
}

function errorTile({ heldOut, input, targets }: ReportContext): Tile {
  const baseline = input.evidence?.laws
    .filter(({ kind }) => kind === 'baseline')
    .reduce<number | null>((best, { mean }) => (best === null ? mean.mre : Math.min(best, mean.mre)), null);
  if (heldOut !== null) {
    const beside = baseline === null || baseline === undefined ? '' : `; best naive baseline ${formatError(baseline)}`;
    return {
      title: 'Error on held-out data',
      figure: formatError(heldOut.mean.mre),
      note: `mean relative, ${input.evidence?.split}${beside}`,
    };
  }
  const mean = targets.reduce((sum, target) => sum + target.quality.mre, 0) / targets.length;
  return { title: 'Error in the fit', figure: formatError(mean), note: 'mean relative, in sample: not yet a test' };
}

function gainTile(context: ReportContext): Tile | null {
  const { proposal } = context.input;
  const reference = referencesOf(context).find(({ losses }) => losses !== null);
  if (proposal === null || reference === undefined || reference.losses === null) return null;
  const targets = Object.keys(proposal.losses).filter(target => reference.losses?.[target] !== undefined);
  const mean = (losses: Readonly<Record<string, number>>): number =>
    targets.reduce((sum, target) => sum + losses[target], 0) / targets.length;
  return {
    title: 'Predicted mean loss',
    figure: formatChange(mean(proposal.losses) / mean(reference.losses) - 1),
    note: `against ${reference.name}, mean over ${formatCount(targets.length, 'domain')}`,
  };
}

function freedomTile({ input }: ReportContext): Tile | null {
  const widths = Object.values(input.proposal?.freedom ?? {}).map(({ from, to }) => to - from);
  if (widths.length === 0) return null;
  const sorted = widths.sort((a, b) => a - b);
  return {
    title: 'Freedom of the shares',
    figure: `${(sorted[Math.floor(sorted.length / 2)] * 100).toFixed(1)} points`,
    note: 'median width of the range a share may take at a cost of +0.1 % loss',
  };
}

function dataTile({ table, domains, targets }: ReportContext): Tile {
  const sizes = [...new Set(table.runs.flatMap(run => run.size ?? []))];
  const size = sizes.length === 1 ? `${formatQuantity(sizes[0])} parameters, ` : '';
  return {
    title: 'Measured on',
    figure: formatCount(table.runs.length, 'run'),
    note: `${size}${formatCount(table.rowRun.length, 'checkpoint')}, ${domains.length} training and ${targets.length} evaluation domains`,
  };
}
