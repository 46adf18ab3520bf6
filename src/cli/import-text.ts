/** What an import understood, repaired and finds suspicious, as the terminal shows it. */

import type { ImportedRuns } from '../importers/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { modelSizes, type RunTable } from '../observations/index.ts';
import { findingText } from './finding-text.ts';
import { heading } from './print.ts';
import { textTable } from './text-table.ts';

/** @param verbose with every item of every finding */
export function describeImport({ table, findings, format, reason }: ImportedRuns, verbose: boolean): string[] {
  const sizes = modelSizes(table).map(formatQuantity);
  const lines = [
    ['format', reason === '' ? format : `${format} (${reason})`],
    ['runs', `${table.runs.length}${sizes.length === 0 ? '' : ` of ${sizes.join(', ')} parameters`}`],
    ['checkpoints', `${table.rowRun.length}${volumeRange(table)}`],
    ['training domains', domainList(table.trainingDomains)],
    ['evaluation domains', evaluationList(table)],
    ...(table.volumeUnit === 'none' ? [] : [['schedule', table.schedule ?? 'unknown; pass --schedule if you know it']]),
    ['units', `weights are shares of tokens, ${unitsOf(table)}`],
  ];
  const table2 = textTable(['', ''], lines).split('\n').slice(1).join('\n').trim();
  return [
    heading('Understood'),
    table2,
    ...(['repair', 'suspicion', 'note'] as const).map(kind => findingText(findings, kind, verbose)),
  ];
}

/**
 * One paragraph for a command that goes on from the import: format, repairs and suspicions.
 *
 * @param leftOut which runs were not used, in a sentence; empty where all were
 */
export function importInBrief(
  { table, findings, format }: ImportedRuns,
  paths: readonly string[],
  leftOut: string,
): string {
  const read = `Read as ${format}: ${table.runs.length} runs, ${table.rowRun.length} checkpoints${volumeRange(table)}; ${table.trainingDomains.length} training and ${table.evaluationDomains.length} evaluation domains.`;
  const said = findings.filter(({ kind }) => kind !== 'note').length;
  const more = said === 0 ? '' : ` All of it: bimix import ${paths.join(' ')}`;
  return [
    `${[read, leftOut].filter(text => text !== '').join(' ')}${more}`,
    findingText(findings, 'repair', false),
    findingText(findings, 'suspicion', false),
  ]
    .filter(text => text !== '')
    .join('\n');
}

/** Names that a person reads in one line; `--json` has all. */
const SHOWN_DOMAINS = 24;

function domainList(names: readonly string[]): string {
  const more = names.length - SHOWN_DOMAINS;
  return `${names.length}: ${names.slice(0, SHOWN_DOMAINS).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

/** What evaluation domains hold: losses, metrics or both. */
function unitsOf({ evaluationDomains, metrics = {} }: RunTable): string {
  const kept = new Set(Object.values(metrics));
  const hasLosses = evaluationDomains.some(domain => !Object.hasOwn(metrics, domain));
  const losses = hasLosses ? ['losses nats per token'] : [];
  const of = [...kept].map(metric => (metric === 'error rate' ? 'error rates (1 - accuracy)' : metric));
  return [...losses, ...(of.length === 0 ? [] : [`metrics ${of.join(' and ')}`])].join('; ');
}

/** Evaluation domains, each with what it holds and its training domain where that is not plain. */
function evaluationList(table: RunTable): string {
  const { trainingDomains, evaluationDomains, ownDomain, metrics = {} } = table;
  const units = new Set(evaluationDomains.map(domain => (Object.hasOwn(metrics, domain) ? metrics[domain] : 'loss')));
  const noneOwn = ownDomain.every(index => index < 0);
  const names = evaluationDomains.map((domain, i) => {
    const own = trainingDomains[ownDomain[i]];
    const unit = units.size > 1 && Object.hasOwn(metrics, domain) ? [metrics[domain]] : [];
    const from = own === undefined ? (noneOwn ? [] : ['no training domain']) : own === domain ? [] : [`from ${own}`];
    const notes = [...unit, ...(unit.length > 0 && own === undefined ? [] : from)];
    return notes.length === 0 ? domain : `${domain} (${notes.join(', ')})`;
  });
  return `${domainList(names)}${noneOwn ? '; none has a training domain' : ''}`;
}

function volumeRange(table: RunTable): string {
  if (table.volumeUnit === 'none') return ', no data volume';
  const least = table.rowVolume.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  if (least === most) return `, all at ${formatQuantity(most)} ${table.volumeUnit}`;
  return `, ${formatQuantity(least)} to ${formatQuantity(most)} ${table.volumeUnit}`;
}
