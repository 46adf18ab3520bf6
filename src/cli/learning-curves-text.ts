/** Learning curves in the terminal: a table, and a small chart drawn with letters. */

import pc from 'picocolors';
import type { LearningCurve, LearningCurves } from '../evidence/index.ts';
import { textTable } from './text-table.ts';

/** Curves drawn: more letters are hard to tell apart. */
const MAX_DRAWN = 6;
const CHART_ROWS = 9;
const LETTERS = 'ABCDEF';
/** Numbers of runs that stand side by side in the table. */
const MAX_COLUMNS = 6;

/** Tables for numbers of runs, as many beside each other as a terminal has room for. */
export function curveTables({ runs, curves }: LearningCurves): string[] {
  const blocks = Array.from({ length: Math.ceil(runs.length / MAX_COLUMNS) }, (_, i) =>
    runs.slice(i * MAX_COLUMNS, (i + 1) * MAX_COLUMNS),
  );
  return blocks.map(block =>
    textTable(
      ['law', ...block.map(count => `>${count} runs`)],
      curves.map(curve => [
        curve.kind === 'baseline' ? pc.dim(`${curve.law} (baseline)`) : curve.law,
        ...block.map(count => cell(curve, count)),
      ]),
    ),
  );
}

function cell({ points }: LearningCurve, count: number): string {
  const point = points.find(({ runs }) => runs === count);
  if (point === undefined || point.mre === null) return '-';
  const spearman = point.spearman === null ? '' : ` (${point.spearman.toFixed(2)})`;
  return `${shortPercent(point.mre)}${spearman}`;
}

/**
 * MRE on a logarithmic axis against the number of runs; letters that share a place stand side by side. Drawn are the best
 * laws and the better baseline.
 */
export function curveChart({ runs, curves }: LearningCurves): string {
  const laws = curves
    .filter(({ kind }, i) => kind === 'law' && !isSame(curves[i - 1], curves[i]))
    .slice(0, MAX_DRAWN - 1);
  const baseline = curves.find(({ kind }) => kind === 'baseline');
  const drawn = [...laws, ...(baseline === undefined ? [] : [baseline])];
  const known = drawn.flatMap(({ points }) => points.flatMap(({ mre }) => (mre === null || mre <= 0 ? [] : [mre])));
  if (known.length === 0) return '';
  const low = Math.log(Math.min(...known));
  const high = Math.log(Math.max(...known));
  const rowOf = (mre: number): number =>
    high > low ? Math.round(((high - Math.log(mre)) / (high - low)) * (CHART_ROWS - 1)) : 0;
  const cells = Array.from({ length: CHART_ROWS }, () => runs.map(() => ''));
  drawn.forEach(({ points }, letter) => {
    points.forEach(({ mre }, step) => {
      if (mre !== null && mre > 0) cells[rowOf(mre)][step] += LETTERS[letter];
    });
  });
  const width = Math.max(9, ...cells.flat().map(text => text.length + 2));
  const centred = (text: string): string => {
    const before = Math.floor((width - text.length) / 2);
    return `${' '.repeat(before)}${text}`.padEnd(width);
  };
  const labels = cells.map((_, row) => shortPercent(Math.exp(high - ((high - low) * row) / (CHART_ROWS - 1))));
  const labelWidth = Math.max(...labels.map(label => label.length)) + 2;
  const lines = cells.map(
    (row, index) =>
      `${pc.dim(`${(index % 2 === 0 ? labels[index] : '').padStart(labelWidth)} │`)}${row.map(centred).join('')}`,
  );
  const axis = `${' '.repeat(labelWidth + 1)}└${'─'.repeat(width * runs.length)}`;
  const counts = `${' '.repeat(labelWidth + 2)}${runs.map(count => centred(String(count))).join('')} runs`;
  const key = drawn.map(({ law }, letter) => `${pc.bold(LETTERS[letter])} ${law}`).join('   ');
  return [...lines.map(line => line.trimEnd()), pc.dim(axis), pc.dim(counts), '', key].join('\n');
}

/** As of a law that contains the one before it. */
function isSame(one: LearningCurve | undefined, other: LearningCurve): boolean {
  return one?.points.every(({ mre }, step) => mre === other.points[step].mre) ?? false;
}

/** 0.0047 as `0.47`, 540 as `5.4e+4`: percent without its sign. */
function shortPercent(fraction: number): string {
  const percent = 100 * fraction;
  if (percent >= 1000) return percent.toExponential(1);
  return percent.toFixed(percent >= 100 ? 0 : percent >= 9.995 ? 1 : 2);
}
