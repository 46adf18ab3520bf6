/** The question and its answer in a few figures: what a reader takes away who reads no further. */

import { formatChange, formatCount, formatError, formatShare, formatVolume, groupDigits } from '../../charts/index.ts';
import { formatQuantity, namedValue } from '../../mixture/index.ts';
import { bestRunInWords, changeInWords, type Proposal, referenceInWords } from '../../optimize/index.ts';
import { referencesOf } from '../figures/mixture.ts';
import { type Html, html, sentence } from '../html.ts';
import type { ReportContext } from '../report-context.ts';
import { type Tile, tileList } from '../tiles.ts';
import { reportWarnings } from './warnings.ts';

export function opening(context: ReportContext): Html {
  const tiles = [errorTile(context), gainTile(context), roomTile(context), dataTile(context)];
  const warnings = reportWarnings(context).filter(({ severe }) => severe).length;
  return html`${decision(context)}
<p class="question">${question(context)}</p>
${extrapolation(context)}
${bestRun(context)}
${tileList(tiles)}
<p class="verdict"><b>Can these runs carry this law?</b> ${sentence(context.fitted.verdict)}${
    warnings === 0 ? null : html` <a href="#warnings">${formatCount(warnings, 'warning')}</a> to read first.`
  }</p>`;
}

/** The decision in the words of `bimix decide`. */
function decision({ input: { decision: said } }: ReportContext): Html | null {
  if (said === null) return null;
  return html`<p class="${said.carries ? 'decision' : 'alert'}"><b>${said.sentence}</b> ${said.instead}</p>`;
}

/** Before any error or probability: how far beyond the runs the answer is asked for. */
function extrapolation({ input: { proposal }, fitted: { volume } }: ReportContext): Html | null {
  if (proposal === null || proposal.extrapolation <= 1) return null;
  const { value, unit } = proposal.volume;
  const asked = value === null || unit === 'none' ? 'The budget' : formatVolume(value, unit);
  const times = groupDigits(Number(proposal.extrapolation.toPrecision(proposal.extrapolation < 10 ? 2 : 3)));
  return html`<p class="alert"><b>${times} times the longest run: extrapolated.</b> ${asked} is asked for, and the longest run saw ${formatVolume(volume.largest, volume.unit)}. The errors below were measured within the runs; no run shows how the law does beyond them.</p>`;
}

/** The run to beat, before what the proposal gains on any reference; in the words of `bimix optimize` and `bimix next`. */
function bestRun({ input: { proposal } }: ReportContext): Html | null {
  if (proposal === null || proposal.bestRun === null) return null;
  const contender = { name: 'The proposal', loss: proposal.meanLoss };
  return html`<p class="best-run">${bestRunInWords(proposal.bestRun, contender, proposal.volume)}</p>`;
}

/** A smaller share is not named in the answer. */
const WORTH_NAMING = 0.005;

function question({ input, domains, fitted }: ReportContext): string {
  const { proposal } = input;
  const among = `${domains.length} domains`;
  const named = domains
    .filter((domain, rank) => rank === 0 || (proposal?.mixture[domain] ?? 0) >= WORTH_NAMING)
    .slice(0, 3);
  const lead = named.map(domain => `${domain} ${formatShare(proposal?.mixture[domain] ?? 0)}`).join(', ');
  if (proposal === null) {
    return `How does the loss of each domain depend on the shares of tokens of ${among}${fitted.volume.unit === 'none' ? '' : ' and on the data volume'}? This report shows what the law ${fitted.law} says, and how far to trust it.`;
  }
  const { unit, value } = proposal.volume;
  const what = value === null || unit === 'none' ? 'the training tokens' : formatVolume(value, unit);
  const rest = domains.length > named.length ? ` and ${domains.length - named.length} more below` : '';
  return `How should ${what} be split over ${among}? By ${proposal.law}: ${lead}${rest} (shares of tokens).`;
}

function errorTile({ heldOut, input, targets }: ReportContext): Tile {
  const baseline = input.evidence?.laws
    .filter(({ kind }) => kind === 'baseline')
    .reduce<number | null>((best, { mean }) => (best === null ? mean.mre : Math.min(best, mean.mre)), null);
  if (heldOut !== null) {
    const beside =
      baseline === null || baseline === undefined ? '' : `; the best naive baseline: ${formatError(baseline)}`;
    return {
      title: 'Error on held-out data',
      figure: formatError(heldOut.mean.mre),
      note: `mean relative error (${input.evidence?.split})${beside}`,
    };
  }
  const mean = targets.reduce((sum, target) => sum + target.quality.mre, 0) / targets.length;
  return {
    title: 'Error in the fit',
    figure: formatError(mean),
    note: 'mean relative, on the runs it was fitted to: not yet a test',
  };
}

function gainTile(context: ReportContext): Tile | null {
  const { proposal } = context.input;
  const reference = referencesOf(context).find(({ losses }) => losses !== null);
  if (proposal === null || reference === undefined || reference.losses === null) return null;
  const targets = Object.keys(proposal.losses).filter(target => namedValue(reference.losses, target) !== undefined);
  const mean = (losses: Readonly<Record<string, number>>): number =>
    targets.reduce((sum, target) => sum + losses[target], 0) / targets.length;
  return {
    title: 'Predicted mean loss',
    figure: formatChange(mean(proposal.losses) / mean(reference.losses) - 1),
    note: `against ${referenceInWords(reference.name)}, mean over ${formatCount(targets.length, 'domain')}${besideBestRun(proposal)}`,
  };
}

/** The best run at hand: by what it measured where the proposal can be compared with that, else by what the law says of it. */
function besideBestRun({ bestRun: run, meanLoss }: Proposal): string {
  if (run === null) return '';
  const loss = run.isComparable ? run.measured : run.predicted;
  if (loss === null) return '';
  const what = run.isComparable ? 'what the best run measured' : 'what the law predicts for the best run';
  return `; ${changeInWords(meanLoss / loss - 1)} ${what}`;
}

/** How exactly the largest share has to be kept. */
function roomTile({ input: { proposal }, domains }: ReportContext): Tile | null {
  const [largest] = domains;
  const room = proposal?.freedom[largest];
  if (room === undefined) return null;
  return {
    title: `Room for ${largest}`,
    figure: `${Math.round(100 * room.from)} to ${Math.round(100 * room.to)}\u00a0%`,
    note: 'its share can be anywhere in this range, if the others make up for it, and the predicted loss stays within 0.1 % of the best',
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
