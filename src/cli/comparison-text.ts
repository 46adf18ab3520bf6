/** A comparison of laws as the terminal shows it. */

import pc from 'picocolors';
import type { ComparedLaw, Comparison, PairedDifference } from '../evidence/index.ts';
import { curveChart, curveTables } from './learning-curves-text.ts';
import { decimal, percent } from './number-text.ts';
import { heading } from './print.ts';
import { textTable } from './text-table.ts';

/** Domains shown one by one; beyond it, those with the largest errors. */
const MAX_DOMAINS = 24;
/** Laws side by side in the table of domains, as far as their names have room in so many columns. */
const MAX_LAWS = 4;
const LAW_COLUMNS = 70;

/** Paragraphs. */
export function comparisonText(comparison: Comparison): string[] {
  const { split, meaning, points, runs, measuredOn, laws, recommendation } = comparison;
  const chosen = recommendation.optimize?.law;
  return [
    `${heading(`Held out: ${meaning}`)} (--split ${split})\nPredicted ${points} losses of ${runs.heldOut} runs; the table: ${measuredOn}.`,
    textTable(
      ['law', '>MRE', '>points to best', '>R2', '>Spearman', '>regret@1', 'convex', '>parameters', '>fit time'],
      laws.map(law => lawRow(law, chosen)),
    ),
    [
      ...(chosen === undefined ? [] : [`${MARK} the best law that can be optimized.`]),
      'MRE: mean |predicted - observed| / observed, mean over domains.',
      'Points to best: of percent, paired by run, ± one standard error. Parameters: over all domains.',
      'Spearman: rank correlation over held-out mixtures at last checkpoints.',
      'regret@1: how much worse the run that the law would pick is than the best run of its fold.',
    ].join('\n'),
    intervalText(laws),
    failureText(comparison),
    `${heading('MRE by domain')}\n${domainTable(laws)}`,
    ...curveText(comparison),
    `${heading('Which law')}\n${recommendation.reasons.map(reason => `- ${wrapped(reason)}`).join('\n')}`,
  ];
}

const MARK = pc.green('*');

function lawRow(law: ComparedLaw, chosen: string | undefined): string[] {
  const { kind, mean, regretAt1, toBest, convex, parameters, fitSeconds } = law;
  const isBaseline = kind === 'baseline';
  const cells = [
    percent(mean.mre, 3),
    toBest === null ? '' : points(toBest),
    decimal(mean.r2),
    decimal(mean.spearman, 3),
    regretAt1 === null ? '-' : percent(regretAt1),
    isBaseline ? '' : convex ? 'yes' : pc.yellow('no'),
    isBaseline ? '' : parameters === null ? '-' : String(parameters),
    isBaseline ? '' : `${fitSeconds.toFixed(2)} s`,
  ];
  if (isBaseline) return [`${law.law} (baseline)`, ...cells].map(text => pc.dim(text));
  return [law.law === chosen ? `${pc.green(law.law)} ${MARK}` : law.law, ...cells];
}

/** `+0.14 ± 0.02`, in points of percent. */
function points({ difference, standardError }: PairedDifference): string {
  const sign = difference < 0 ? '' : '+';
  const digits = difference >= 1 ? 2 : 3;
  const error = standardError === null ? '' : ` ± ${(100 * standardError).toFixed(digits)}`;
  return `${sign}${(100 * difference).toFixed(digits)}${error}`;
}

/** Of the laws that have intervals; empty where none were asked for. */
function intervalText(laws: readonly ComparedLaw[]): string {
  const measured = laws.flatMap(({ law, interval }) => (interval === undefined ? [] : [{ law, ...interval }]));
  if (measured.length === 0) return '';
  return textTable(
    ['intervals of', '>to cover', '>cover', '>mean width'],
    measured.map(({ law, level, coverage, width }) => [
      law,
      percent(level, 1),
      percent(coverage, 1),
      `${percent(width)} of the loss`,
    ]),
  );
}

function failureText({ failures }: Comparison): string {
  if (failures.length === 0) return '';
  const lines = failures.map(({ law, message }) => `${pc.yellow('!')} ${law}: ${wrapped(message)}`);
  return [heading('Not fitted'), ...lines].join('\n');
}

function domainTable(laws: readonly ComparedLaw[]): string {
  const baseline = laws.find(({ kind }) => kind === 'baseline');
  const best = laws
    .filter(({ kind, mean }, i) => kind === 'law' && mean.mre !== laws[i - 1]?.mean.mre)
    .slice(0, MAX_LAWS);
  while (best.length > 1 && best.reduce((sum, { law }) => sum + law.length + 2, 0) > LAW_COLUMNS) best.pop();
  const shownLaws = baseline === undefined ? best : [...best, baseline];
  const [first] = shownLaws;
  const domains = Object.keys(first.targets).sort((a, b) => first.targets[b].mre - first.targets[a].mre);
  const shown = domains.slice(0, MAX_DOMAINS);
  const table = textTable(
    ['domain', ...shownLaws.map(({ law }) => `>${law}`), '>losses', '>runs'],
    shown.map(domain => [
      domain,
      ...shownLaws.map(({ targets }) => percent(targets[domain].mre, 3)),
      String(first.targets[domain].n),
      String(first.targets[domain].runs),
    ]),
  );
  const rest = domains.length - shown.length;
  return rest > 0 ? `${table}\nand ${rest} domains with smaller errors (--json lists all)` : table;
}

function curveText({ curves }: Comparison): string[] {
  if (curves === null) return [];
  const { runs, draws, skipped } = curves;
  const left = `--budget-curve ${skipped.join(', ')}: left out, since too few runs remain to predict.`;
  if (runs.length === 0) return [`${heading('Learning curves')}\n${left}`];
  return [
    `${heading('Learning curves')}\nMRE in % (Spearman) on all other runs, by the number of runs fitted; means of ${draws} random draws.`,
    ...curveTables(curves),
    curveChart(curves),
    skipped.length === 0 ? '' : left,
  ];
}

/** Broken at 100 columns, further lines indented. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== '' && last.length + 1 + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n  ');
}
