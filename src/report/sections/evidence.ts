/** How far the law can be trusted: predictions of data it had not seen. */

import { formatError } from '../../charts/index.ts';
import type { Evidence, LawEvidence } from '../../evidence/index.ts';
import { namedValue } from '../../mixture/index.ts';
import { type Html, html } from '../html.ts';
import { numberTable, type TableCell } from '../number-table.ts';
import type { ReportContext } from '../report-context.ts';
import type { Section } from './section.ts';

export const evidenceSection: Section = {
  id: 'evidence',
  title: 'How far can the law be trusted?',
  body: (context, figure) => {
    const { evidence } = context.input;
    return html`${
      evidence === null
        ? html`<p>No data were held out for this report: the errors below are those of the fit, on runs it has seen. Run <code>bimix evaluate</code> for a test.</p>`
        : null
    }
${figure('evidence')}
${evidence === null ? null : lawTable(evidence)}
${figure('predicted-observed')}
${context.heldOut === null ? null : targetTable(context, context.heldOut)}`;
  },
};

function lawTable({ laws, split }: Evidence): Html {
  return numberTable({
    caption: `Means over evaluation domains on held-out data (${split}); MAE in nats per token; regret@1: how much higher the loss of the run that the law ranks first is than that of the best held-out run`,
    columns: [
      { title: 'law or baseline' },
      ...['MRE', 'MAE', 'R²', 'R² of log loss', 'Spearman', 'regret@1'].map(numeric),
    ],
    rows: [...laws]
      .sort((a, b) => a.mean.mre - b.mean.mre)
      .map(({ law, kind, mean, regretAt1 }) => [
        kind === 'baseline' ? `${law} (baseline)` : law,
        error(mean.mre),
        decimal(mean.mae),
        decimal(mean.r2),
        decimal(mean.r2Log),
        decimal(mean.spearman),
        regretAt1 === null ? NOTHING : error(regretAt1),
      ]),
  });
}

function targetTable({ targets }: ReportContext, heldOut: LawEvidence): Html {
  return numberTable({
    caption: `${heldOut.law} on held-out data, by evaluation domain; MAE in nats per token`,
    columns: [
      { title: 'evaluation domain' },
      ...['MRE', 'MAE', 'R²', 'R² of log loss', 'Spearman', 'runs', 'losses'].map(numeric),
    ],
    rows: targets
      .filter(({ target }) => namedValue(heldOut.targets, target) !== undefined)
      .map(({ target }) => {
        const scores = heldOut.targets[target];
        return [
          target,
          error(scores.mre),
          decimal(scores.mae),
          decimal(scores.r2),
          decimal(scores.r2Log),
          decimal(scores.spearman),
          { text: String(scores.runs), value: scores.runs },
          { text: String(scores.n), value: scores.n },
        ];
      }),
  });
}

function numeric(title: string): { title: string; numeric: boolean } {
  return { title, numeric: true };
}

function error(value: number): TableCell {
  return { text: formatError(value), value };
}

function decimal(value: number | null): TableCell {
  return value === null ? NOTHING : { text: value.toFixed(4).replace('-', '−'), value };
}

const NOTHING: TableCell = { text: '–', value: Number.NaN };
