/** What the figures say, in sentences made from them. */

import { isClear, pairedDifference } from '../../src/evidence/paired-difference.ts';
import { knownLaws } from '../../src/laws/index.ts';
import type { PublicTableName } from '../../test/public-tables.ts';
import { listed, NOTHING, percent } from './markdown.ts';
import { geometricMean, mre, rowsInOrder, type Score, type Scoreboard, scoresOfRow } from './scoreboard.ts';

/** MRE of `bimix-transfer` as this project first had it, without pooling and checkpoint effects; the same folds. */
const FIRST: Readonly<Record<PublicTableName, number>> = {
  '5Mix-70M': 0.004007,
  '5Mix-160M': 0.003955,
  'RedPajama-70M': 0.004468,
  'RedPajama-160M': 0.006841,
  'dmsl-122M': 0.004471,
  'dmsl-310M': 0.004563,
  'dmsl-680M': 0.004442,
  'regmix-train-1m': 0.01161,
};
const REFERENCE = 'bimix-transfer';
const REGMIX: PublicTableName = 'regmix-train-1m';

/** Groups of a protocol, in the order of the page. */
export type Groups = readonly (readonly [group: string, board: Scoreboard])[];

export function readingOfWholeRuns(board: Scoreboard): string {
  const laws = knownLaws().filter(({ name }) => board.rows.includes(name));
  const convex = new Set(laws.filter(law => law.convex).map(({ name }) => name));
  const others = laws.filter(law => !law.convex).map(({ name }) => name);
  const ranked = rowsInOrder(board, mre).filter(row => geometricMean(board, row, mre) !== undefined);
  const best = ranked.find(row => convex.has(row));
  if (best === undefined) return 'No convex law was measured on all of these tables.';
  const said = (row: string): string => `\`${row}\` (${percent(geometricMean(board, row, mre) as number)} %)`;
  return bullets([
    ...(others.length === 0
      ? []
      : [`Not convex, so for predicting only: ${listed(others.map(name => `\`${name}\``))}.`]),
    `Lowest geometric mean: ${said(ranked[0])}${ranked[0] === best ? ', a convex law' : `; of the convex laws ${said(best)}`}.`,
    ...againstReference(board, best),
    againstFirst(board, best, convex),
    ...hybridOnRegMix(board),
    ...coverageOf(board, best),
  ]);
}

/** On how many tables the best convex law is clearly better than the plain one. */
function againstReference(board: Scoreboard, best: string): string[] {
  if (best === REFERENCE || !board.rows.includes(REFERENCE)) return [];
  const verdicts = board.columns.map(column => comparedByRun(board, column, best, REFERENCE));
  const count = (verdict: string): number => verdicts.filter(one => one === verdict).length;
  return [
    `\`${best}\` against \`${REFERENCE}\`, errors paired by run, Student's t at 5 %: clearly better on ${count('better')} of ${verdicts.length} tables, clearly worse on ${count('worse')}.`,
  ];
}

function comparedByRun(
  board: Scoreboard,
  column: string,
  law: string,
  other: string,
): 'better' | 'worse' | 'within noise' {
  const difference = differenceByRun(board, column, law, other);
  if (difference === undefined || !isClear(difference)) return 'within noise';
  return difference.difference < 0 ? 'better' : 'worse';
}

function differenceByRun(board: Scoreboard, column: string, law: string, other: string) {
  const [a, b] = [law, other].map(row => board.at(row, column)?.errorsByRun ?? []);
  return a.length === 0 || a.length !== b.length
    ? undefined
    : pairedDifference(Float64Array.from(a), Float64Array.from(b));
}

/** The best convex law beside `bimix-transfer` as it first was. */
function againstFirst(board: Scoreboard, best: string, convex: ReadonlySet<string>): string {
  const first = board.columns.map(column => FIRST[column as PublicTableName]);
  const ratio = (errors: readonly number[]): string =>
    Math.exp(errors.reduce((sum, error, i) => sum + Math.log(error / first[i]), 0) / errors.length).toFixed(3);
  const today = [...new Set([best, REFERENCE])].flatMap(row => {
    const errors = scoresOfRow(board, row, mre);
    return errors === undefined ? [] : [`**${ratio(errors)}** for \`${row}\``];
  });
  const least = board.columns.map(column =>
    Math.min(...[...convex].map(row => board.at(row, column)?.mre ?? Number.POSITIVE_INFINITY)),
  );
  const names = `the geometric mean over ${board.columns.length === 1 ? 'this table' : `these ${board.columns.length} tables`}`;
  return `**Relative to \`${REFERENCE}\` as this project first had it** (each target fitted by itself, no checkpoint effects; ${first.map(error => percent(error, 4)).join(', ')} % in the order above), ${names} is ${listed(today)}. Taking each table's best convex law after seeing these figures it would be ${ratio(least)}: a bound, for no choice can be made so.`;
}

function hybridOnRegMix(board: Scoreboard): string[] {
  const [hybrid, plain] = ['hybrid', REFERENCE].map(row => board.at(row, REGMIX));
  const difference = differenceByRun(board, REGMIX, 'hybrid', REFERENCE);
  if (hybrid === undefined || plain === undefined || difference === undefined) return [];
  const error = difference.standardError === null ? '' : ` ± ${percent(difference.standardError)}`;
  return [
    `RegMix, four fifths of its runs fitted: \`hybrid\` ${percent(hybrid.mre)} %, \`${REFERENCE}\` ${percent(plain.mre)} %: a ratio of ${(hybrid.mre / plain.mre).toFixed(3)}, a difference of ${percent(difference.difference)}${error} points (one standard error, paired by run).`,
  ];
}

function coverageOf(board: Scoreboard, best: string): string[] {
  const rows = [...new Set([REFERENCE, best])];
  const spans = rows.flatMap(row => {
    const covered = board.columns.flatMap(column => board.at(row, column)?.coverage ?? []);
    if (covered.length === 0) return [];
    return [`\`${row}\` ${percent(Math.min(...covered), 1)} to ${percent(Math.max(...covered), 1)} %`];
  });
  return spans.length === 0 ? [] : [`90 % intervals cover, between tables: ${spans.join('; ')}.`];
}

export function readingOfLateCheckpoints(groups: Groups): string {
  const last: Score = ({ mreAtLast }) => mreAtLast;
  return bullets(
    groups.map(([group, board]) => {
      const means = board.rows.flatMap(row => {
        const value = geometricMean(board, row, last);
        return value === undefined ? [] : [{ row, value }];
      });
      const ranked = means.sort((a, b) => a.value - b.value);
      const plain = ranked.filter(({ row }) => !row.endsWith('run offset'));
      const said = ({ row, value }: (typeof means)[number]): string => `\`${row}\` ${percent(value)} %`;
      return `${group}: lowest ${ranked.slice(0, 3).map(said).join(', ')}; without run offsets ${plain.slice(0, 2).map(said).join(', ')}.`;
    }),
  );
}

export function readingOfFewRuns(groups: Groups): string {
  return bullets(
    groups.map(([group, board]) => {
      const winners = board.columns.map(column => {
        const laws = board.rows.filter(row => knownLaws().some(({ name }) => name === row));
        const errors = laws.flatMap(row => {
          const error = board.at(row, column)?.mre;
          return error === undefined ? [] : [{ row, error }];
        });
        const [first] = errors.sort((a, b) => a.error - b.error);
        return first === undefined ? `${column}: none` : `${column}: \`${first.row}\` ${percent(first.error)} %`;
      });
      return `${group}, lowest MRE with ${winners.join('; ')}.`;
    }),
  );
}

export function readingOfSizes(groups: Groups): string {
  return bullets(
    groups.flatMap(([group, board]) => {
      const [column] = board.columns;
      const [prior, plain, sized, carried] = [
        'bimix-transfer, prior',
        'bimix-transfer',
        'bimix-transfer-size',
        'bimix-transfer, carried',
      ].map(row => board.at(row, column));
      if (prior !== undefined && plain !== undefined) {
        return `${group}, ${column}: the prior brings \`bimix-transfer\` from ${percent(plain.mre)} to ${percent(prior.mre)} %.`;
      }
      if (sized === undefined || carried === undefined) return [];
      return `${column}: a law that knows the size errs ${percent(sized.mre)} % where the same law carried over errs ${percent(carried.mre)} %; they rank mixtures at ${decimal(sized.spearman)} and ${decimal(carried.spearman)}.`;
    }),
  );
}

function decimal(value: number | null): string {
  return value?.toFixed(3) ?? NOTHING;
}

function bullets(lines: readonly string[]): string {
  return lines.map(line => `- ${line}`).join('\n');
}
