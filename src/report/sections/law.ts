/** The law: its formula, what its symbols mean, and its coefficients with their uncertainty. */

import {
  type CoefficientValue,
  formatCoefficient,
  formatVolume,
  formatWithError,
  roundQuantity,
} from '../../charts/index.ts';
import { type FittedLaw, findLaw, type Parameter, parametersOf, shapeOfTarget } from '../../laws/index.ts';
import { formatQuantity } from '../../mixture/index.ts';
import { factList } from '../fact-list.ts';
import { coefficientOf, domainFamilies, plainParameters, transferMatrix } from '../figures/coefficients.ts';
import { type Html, html } from '../html.ts';
import { numberTable, type TableCell } from '../number-table.ts';
import type { ReportContext } from '../report-context.ts';
import type { Section } from './section.ts';

/** Wider matrices are for the chart and law.json. */
const WIDEST_MATRIX = 12;

export const lawSection: Section = {
  id: 'law',
  title: 'The law and its coefficients',
  body: (context, figure) => {
    const { fitted, law, input } = context;
    const parameters = plainParameters(context);
    return html`<p class="lead-in">${law.title} (${law.source})</p>
<p class="formula">${formulaHtml(law.formula)}</p>
${facts(context)}
${numberTable(
  {
    caption: 'What the symbols mean',
    columns: [{ title: 'symbol' }, { title: 'meaning and unit' }],
    rows: [
      ...parameters.map(({ symbol, meaning }) => [symbol, meaning]),
      ...transferMeaning(context),
      ...familyMeanings(context),
    ],
  },
  false,
)}
${figure('coefficients')}
${coefficientTable(context, parameters)}
${figure('transfer')}
${transferTable(context)}
${domainTables(context)}
${input.fitted.slice(1).map(other => otherLaw({ ...context, fitted: other, law: findLaw(other.law), targets: other.targets }, fitted))}`;
  },
};

function facts({ fitted, law }: ReportContext): Html {
  const { unit, scale, smallest, largest } = fitted.volume;
  const warmUp = fitted.warmUp.excluded.map(volume => formatVolume(volume, unit)).join(', ');
  const list: [string, string][] = [
    ['r', 'share of tokens of a training domain'],
    [
      'x',
      unit === 'none'
        ? 'not used: all runs were measured at one volume'
        : `data volume divided by ${formatVolume(scale, unit)}; the runs were measured from ${roundQuantity(smallest)} to ${formatVolume(largest, unit)}`,
    ],
    ['L', 'loss of an evaluation domain, nats per token'],
    ['Shares of zero', law.zeroShares],
    ['Why the optimum is global', law.convexity],
    ['Warm-up', warmUp === '' ? 'no checkpoint left out of the fit' : `left out of the fit: checkpoints at ${warmUp}`],
    ['Weights of residuals', fitted.settings.robust ? 'Huber: large residuals count less' : 'plain squares'],
  ];
  return factList(list.map(([term, text]) => [term, formulaHtml(text)]));
}

/** `r_own^ρ` with its index below and its exponent above the line. */
function formulaHtml(formula: string): Html[] {
  return formula.split(/([_^]-?[\p{L}\d]+)/u).map(part => {
    if (part.startsWith('_')) return html`<sub>${part.slice(1)}</sub>`;
    if (part.startsWith('^')) return html`<sup>${part.slice(1).replace('-', '−')}</sup>`;
    return html`${part}`;
  });
}

function transferMeaning(context: ReportContext): string[][] {
  return transferMatrix(context) === null
    ? []
    : [['t', "help from a token of another domain, where the own domain's is 1; in the matrix below"]];
}

/** Of other coefficients by training domain: what the law's own words for the first domain's say. */
function familyMeanings(context: ReportContext): string[][] {
  const { law, fitted, targets, domains } = context;
  const known = targets.flatMap(target => parametersOf(law, shapeOfTarget(fitted, target)));
  return domainFamilies(context).flatMap(family => {
    const parameter = known.find(({ name }) => domains.some(domain => name === `${family}.${domain}`));
    return parameter === undefined ? [] : [[parameter.symbol, parameter.meaning]];
  });
}

function coefficientTable({ targets }: ReportContext, parameters: readonly Parameter[]): Html {
  return numberTable({
    caption: `Coefficients ± standard error, by evaluation domain (${FLAG_NOTE})`,
    columns: [{ title: 'evaluation domain' }, ...parameters.map(({ symbol }) => ({ title: symbol, numeric: true }))],
    rows: targets.map(target => [
      target.target,
      ...parameters.map(({ name }) => coefficientCell(coefficientOf(target, name))),
    ]),
  });
}

function coefficientCell(coefficient: CoefficientValue | null): TableCell {
  if (coefficient === null) return { text: '–', value: Number.NaN };
  const { value, standardError, flag } = coefficient;
  const flagged = flag === 'none' ? null : html`<span class="flag">${FLAGS[flag]}</span>`;
  if (standardError === null) return { text: html`${formatCoefficient(value)}${flagged}`, value };
  const both = formatWithError(value, standardError);
  return { text: html`${both.value} <span class="uncertainty">± ${both.standardError}</span>${flagged}`, value };
}

const FLAGS = { 'at bound': '*', 'not identified': '†' };
const FLAG_NOTE = '* at a bound, † not identified';

function transferTable(context: ReportContext): Html | null {
  const matrix = transferMatrix(context);
  if (matrix === null) return null;
  if (matrix.sources.length > WIDEST_MATRIX)
    return html`<p>All values of t and their standard errors are in law.json.</p>`;
  return numberTable(
    {
      caption: `Transfer t ± standard error: rows are evaluation domains, columns training domains (${FLAG_NOTE})`,
      columns: [{ title: 'evaluation domain' }, ...matrix.sources.map(title => ({ title, numeric: true }))],
      rows: context.targets.map(target => [
        target.target,
        ...matrix.sources.map(source =>
          source === target.own
            ? { text: 'own', value: Number.NaN }
            : coefficientCell(coefficientOf(target, `t.${source}`)),
        ),
      ]),
    },
    true,
  );
}

/** Coefficients by training domain that have no matrix of their own. */
function domainTables(context: ReportContext): Html[] {
  const { targets, domains } = context;
  if (domains.length > WIDEST_MATRIX) return [];
  return domainFamilies(context).map(family =>
    numberTable(
      {
        caption: `${family} ± standard error: rows are evaluation domains, columns training domains (${FLAG_NOTE})`,
        columns: [{ title: 'evaluation domain' }, ...domains.map(title => ({ title, numeric: true }))],
        rows: targets.map(target => [
          target.target,
          ...domains.map(domain => coefficientCell(coefficientOf(target, `${family}.${domain}`))),
        ]),
      },
      true,
    ),
  );
}

function otherLaw(context: ReportContext, reported: FittedLaw): Html {
  const { fitted, law } = context;
  const size = fitted.size === undefined ? '' : ` at ${formatQuantity(fitted.size)} parameters`;
  const differs = fitted.size === reported.size ? '' : ' (another model size, without charts here)';
  return html`<h3>Also fitted: ${law.title}${size}${differs}</h3>
<p>${fitted.verdict}</p>
${coefficientTable(context, plainParameters(context))}`;
}
