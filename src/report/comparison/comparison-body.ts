/** What a page says of a comparison of laws: the recommendation, the errors, the learning curves, every domain. */

import { formatError, formatShare } from '../../charts/index.ts';
import type { ComparedLaw, Comparison, PairedDifference } from '../../evidence/index.ts';
import { type Html, html, sentence } from '../html.ts';
import { numberTable, type TableCell } from '../number-table.ts';
import type { ComparisonContext } from './comparison-context.ts';
import { CURVES_FIGURE, ERRORS_FIGURE } from './figures.ts';

/** @param figure figures by name */
export function comparisonBody(context: ComparisonContext, figure: (name: string) => Html | null): Html {
  const { comparison, suffix } = context;
  const { recommendation, failures } = comparison;
  return html`<ul class="reasons">${recommendation.reasons.map(reason => html`<li>${sentence(reason)}</li>\n`)}</ul>
${figure(`${ERRORS_FIGURE}${suffix}`)}
${lawTable(comparison)}
${intervalTable(comparison)}
${
  failures.length === 0
    ? null
    : html`<ul class="warnings">${failures.map(({ law, message }) => html`<li><b>${law}</b> was not fitted: ${sentence(message)}</li>\n`)}</ul>`
}
${figure(`${CURVES_FIGURE}${suffix}`)}
${curveTable(comparison)}
${domainTable(context)}`;
}

function lawTable({ laws, recommendation, split }: Comparison): Html {
  return numberTable({
    caption: `Means over evaluation domains on held-out data (${split}). Points to best: of percent, ± one standard error over runs; Spearman over held-out mixtures at last checkpoints; regret@1: how much higher the loss of the run that the law ranks first is than that of the best held-out run; parameters over all domains`,
    columns: [
      { title: 'law or baseline' },
      ...['MRE', 'points to best', 'R²', 'Spearman', 'regret@1', 'parameters'].map(title => ({ title, numeric: true })),
      { title: 'convex' },
    ],
    rows: laws.map(({ law, kind, mean, toBest, regretAt1, parameters, convex }) => [
      { text: nameOf(law, kind, recommendation.optimize?.law), value: Number.NaN },
      error(mean.mre),
      toBest === null ? NOTHING : { text: points(toBest), value: toBest.difference },
      decimal(mean.r2),
      decimal(mean.spearman),
      regretAt1 === null ? NOTHING : error(regretAt1),
      parameters === null ? NOTHING : { text: String(parameters), value: parameters },
      kind === 'baseline' ? '' : convex ? 'yes' : 'no',
    ]),
  });
}

function intervalTable({ laws, split }: Comparison): Html | null {
  const measured = laws.flatMap(({ law, interval }) => (interval === undefined ? [] : [{ law, ...interval }]));
  if (measured.length === 0) return null;
  return numberTable({
    caption: `Intervals of the held-out losses (${split}); width over the predicted loss`,
    columns: [
      { title: 'law' },
      ...['intended coverage', 'measured coverage', 'mean width'].map(title => ({ title, numeric: true })),
    ],
    rows: measured.map(({ law, level, coverage, width }) => [
      law,
      { text: formatShare(level), value: level },
      { text: formatShare(coverage), value: coverage },
      error(width),
    ]),
  });
}

function nameOf(law: string, kind: ComparedLaw['kind'], chosen: string | undefined): Html | string {
  if (kind === 'baseline') return `${law} (baseline)`;
  return law === chosen ? html`<b>${law}</b>` : law;
}

function curveTable({ curves }: Comparison): Html | null {
  if (curves === null || curves.runs.length === 0) return null;
  return numberTable(
    {
      caption: 'MRE by number of training runs, and in brackets Spearman',
      columns: [{ title: 'law or baseline' }, ...curves.runs.map(runs => ({ title: `${runs} runs`, numeric: true }))],
      rows: curves.curves.map(({ law, kind, points: steps }) => [
        kind === 'baseline' ? `${law} (baseline)` : law,
        ...steps.map(({ mre, spearman }) => {
          if (mre === null) return NOTHING;
          const rank = spearman === null ? '' : ` (${spearman.toFixed(2).replace('-', '−')})`;
          return { text: `${formatError(mre)}${rank}`, value: mre };
        }),
      ]),
    },
    true,
  );
}

function domainTable({ comparison: { laws, targets } }: ComparisonContext): Html {
  return numberTable(
    {
      caption: 'MRE by evaluation domain',
      columns: [{ title: 'evaluation domain' }, ...laws.map(({ law }) => ({ title: law, numeric: true }))],
      rows: targets.map(target => [target, ...laws.map(law => error(law.targets[target].mre))]),
    },
    true,
  );
}

/** `+0.14 ± 0.02`. */
function points({ difference, standardError }: PairedDifference): string {
  const text = (value: number): string => (100 * value).toFixed(difference >= 1 ? 1 : 3);
  const sign = difference < 0 ? '−' : '+';
  return `${sign}${text(Math.abs(difference))}${standardError === null ? '' : ` ± ${text(standardError)}`}`;
}

/** Three decimals below one percent, for good laws differ in the third. */
function error(value: number): TableCell {
  return { text: value < 0.01 ? `${(100 * value).toFixed(3)}\u00a0%` : formatError(value), value };
}

function decimal(value: number | null): TableCell {
  return value === null ? NOTHING : { text: value.toFixed(4).replace('-', '−'), value };
}

const NOTHING: TableCell = { text: '–', value: Number.NaN };
