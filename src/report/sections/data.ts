/** The runs: how many, how large, what they tried, and what the import found. */

import { formatCount, formatShare, formatVolume, roundQuantity } from '../../charts/index.ts';
import { formatQuantity } from '../../mixture/index.ts';
import { mixtureOfRun } from '../../observations/index.ts';
import { factList } from '../fact-list.ts';
import { type Html, html, sentence } from '../html.ts';
import { numberTable } from '../number-table.ts';
import type { ReportContext } from '../report-context.ts';
import type { Section } from './section.ts';

export const dataSection: Section = {
  id: 'data',
  title: 'The runs',
  body: (context, figure) => html`${facts(context)}
${figure('coverage')}
${domainTable(context)}
${findings(context)}`,
};

function facts({ table, input, fitted, measuredOn }: ReportContext): Html {
  const others = input.table.runs.length - table.runs.length;
  const evaluated = table.evaluationDomains.filter((_, i) => table.ownDomain[i] < 0);
  const volumes = new Set(table.rowVolume);
  const { smallest, largest, tokensPerStep } = fitted.volume;
  const unit = table.volumeUnit;
  const list: [string, string | null][] = [
    ['Runs', measuredOn],
    ['Left out', others === 0 ? null : `${others} runs of other model sizes in the same table`],
    [
      'Volumes',
      unit === 'none'
        ? 'not recorded: one checkpoint a run'
        : `${volumes.size} different, ${roundQuantity(smallest)} to ${formatVolume(largest, unit)}${tokensPerStep === undefined ? '' : `, ${formatQuantity(tokensPerStep)} tokens a step`}`,
    ],
    ['Training domains', `${table.trainingDomains.length}: ${listed(table.trainingDomains)}`],
    [
      'Evaluation domains',
      `${table.evaluationDomains.length}, losses in nats per token${evaluated.length === 0 ? ', each with its training domain' : `; without a training domain of their own: ${listed(evaluated)}`}`,
    ],
    ['Selected by', fitted.settings.where ?? null],
  ];
  return factList(list);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

function domainTable({ table, domains }: ReportContext): Html {
  const { ownDomain, evaluationDomains, trainingDomains } = table;
  return numberTable({
    caption: `Shares of tokens that ${formatCount(table.runs.length, 'run')} tried, by training domain`,
    columns: [
      { title: 'training domain' },
      ...['least', 'median', 'most', 'runs without it'].map(title => ({ title, numeric: true })),
      { title: 'evaluated as' },
    ],
    rows: domains.map(domain => {
      const j = trainingDomains.indexOf(domain);
      const shares = table.runs.map((_, run) => mixtureOfRun(table, run)[j]).sort((a, b) => a - b);
      const zero = shares.filter(share => share === 0).length;
      const cell = (value: number) => ({ text: formatShare(value), value });
      const own = evaluationDomains.filter((_, i) => ownDomain[i] === j);
      return [
        domain,
        cell(shares[0]),
        cell(shares[Math.floor(shares.length / 2)]),
        cell(shares[shares.length - 1]),
        { text: String(zero), value: zero },
        own.length === 0 ? '–' : own.join(', '),
      ];
    }),
  });
}

function findings({ input }: ReportContext): Html | null {
  if (input.findings === null || input.findings.length === 0) return null;
  const kinds = { repair: 'repaired', suspicion: 'suspicious', note: 'noted' };
  return html`<h3>What the import found</h3>
<ul class="warnings">${input.findings.map(
    ({ kind, message }) =>
      html`<li${kind === 'suspicion' ? null : html` class="note"`}>${sentence(message)} <span class="source">(${kinds[kind]})</span></li>\n`,
  )}</ul>`;
}
