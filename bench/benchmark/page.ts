/** The figures as one page of Markdown. */

import type { Measured, ProtocolName } from './cell.ts';
import { listed, markdownTable, NOTHING, percent } from './markdown.ts';
import { DRAWS, LEVEL, SEED } from './protocols.ts';
import {
  type Groups,
  readingOfFewRuns,
  readingOfLateCheckpoints,
  readingOfSizes,
  readingOfWholeRuns,
} from './readings.ts';
import {
  arithmeticMean,
  geometricMean,
  mre,
  rowsInOrder,
  type Score,
  type Scoreboard,
  scoreboard,
} from './scoreboard.ts';

export interface PageFacts {
  readonly command: string;
  readonly version: string;
  /** Of Node. */
  readonly node: string;
  /** Tables measured: name, files, rows selected. */
  readonly tables: readonly (readonly string[])[];
  /** Names of tables that were not there. */
  readonly absent: readonly string[];
}

/** @param measured in the order of the page */
export function benchmarkPage(measured: readonly Measured[], facts: PageFacts): string {
  const of = (protocol: ProtocolName): Measured[] => measured.filter(({ cell }) => cell.protocol === protocol);
  return `${[
    '# Benchmark',
    'Every law on public run tables that hold the losses of real pretraining runs, by one command.',
    opening(facts),
    ...wholeRuns(of('E1')),
    ...lateCheckpoints(of('E2')),
    ...fewRuns(of('E3')),
    E4,
    ...sizes(of('E5')),
    CAVEATS,
  ].join('\n\n')}\n`;
}

const E4 = `## E4: mixtures ranked for a far larger model

Not measured: it takes RegMix's runs of 60M and 1B parameters, which are not among the tables.`;

const CAVEATS = `## When it misleads you

- **The tables were known.** Forms of laws and the widths of their priors were chosen while looking at cross-validation of some of
  these tables. Yours were not looked at: compare laws on your own runs, [\`bimix compare\`](compare.md).
- **Small models.** 1M to 680M parameters. Nothing here says how errors grow with the model.
- **One seed.** Other folds move an MRE by some hundredths of a point, more where runs are few: see [evidence](evidence.md).`;

function opening({ command, version, node, tables, absent }: PageFacts): string {
  const missing = absent.length === 0 ? [] : [`Not there, and so not measured: ${listed(absent)}.`];
  return [
    `    ${command}`,
    `bimix ${version}, Node ${node}; seed ${SEED} (draws: ${SEED} to ${SEED + DRAWS - 1}, in E5 ${SEED} to ${SEED + 9}). Fits have their default settings. The same tables, version and seed give the same bytes.`,
    markdownTable(['table', 'files below DIR', 'rows'], tables, 'left'),
    'The files are those of [mixinglaws](formats.md#mixinglaws), [SlimPajama](formats.md#slimpajama) (here dmsl) and [RegMix](formats.md#regmix). RedPajama is read with `--sum-tolerance 0.03`. Predicted are the evaluation domains that have a training domain. MRE: mean |predicted - observed| / observed, mean over domains, in percent.',
    ...missing,
  ].join('\n\n');
}

function wholeRuns(measured: readonly Measured[]): string[] {
  if (measured.length === 0) return [];
  const board = scoreboard(measured);
  return [
    '## E1: whole runs held out',
    'Five folds over whole runs (`kfold:5`): no checkpoint of a predicted run is fitted. `bimix-transfer-size` is `bimix-transfer` on runs of one size, and left to E5. MRE in percent; the last column is the geometric mean over tables.',
    scoreTable(board, mre, geometricMean, value => percent(value)),
    'R², over all checkpoints; last column: mean. Losses fall with volume, so that even `mean`, which knows nothing of mixtures, has some.',
    scoreTable(
      board,
      ({ r2 }) => r2,
      arithmeticMean,
      value => value.toFixed(4),
    ),
    "Spearman's rank correlation over held-out mixtures at their last checkpoints; last column: mean. `mean` says the same of all mixtures of a fold.",
    scoreTable(
      board,
      ({ spearman }) => spearman,
      arithmeticMean,
      value => value.toFixed(3),
    ),
    `Held-out losses inside their ${percent(LEVEL, 0)} % intervals, in percent; last column: mean. Not measured for laws that a regression corrects.`,
    scoreTable(
      board,
      ({ coverage }) => coverage,
      arithmeticMean,
      value => percent(value, 1),
    ),
    readingOfWholeRuns(board),
    ...notes([['', board]]),
  ];
}

function lateCheckpoints(measured: readonly Measured[]): string[] {
  const groups = byGroup(measured);
  if (groups.length === 0) return [];
  const last: Score = ({ mreAtLast }) => mreAtLast;
  return [
    '## E2: last checkpoints from earlier ones',
    'Checkpoints up to a part of the largest volume are fitted, all runs together; MRE of the last checkpoint of each run, in percent. [Run offsets](extrapolation.md) add what each run was off by. `nearest` carries on the last loss of the run, or of one with the same mixture.',
    ...groups.flatMap(([group, board]) => [
      `### ${group}`,
      scoreTable(board, last, geometricMean, value => percent(value), rowsInOrder(board, last)),
    ]),
    readingOfLateCheckpoints(groups),
    ...notes(groups),
  ];
}

function fewRuns(measured: readonly Measured[]): string[] {
  const groups = byGroup(measured);
  if (groups.length === 0) return [];
  return [
    '## E3: few training runs',
    `Some runs, drawn at random, are fitted; all others are predicted at all checkpoints. MRE in percent, mean of ${DRAWS} draws; mean Spearman in brackets. So few draws do not separate laws whose MRE differs by a few percent of it.`,
    ...groups.flatMap(([group, board]) => [`### ${group}`, pairTable(board)]),
    readingOfFewRuns(groups),
    ...notes(groups),
  ];
}

function sizes(measured: readonly Measured[]): string[] {
  const groups = byGroup(measured);
  if (groups.length === 0) return [];
  return [
    '## E5: a larger model',
    'Few runs of the larger model are fitted, with a [prior](scale.md) from all runs of the smaller one and without; all its other runs are predicted at all checkpoints. MRE in percent, mean of ten draws; mean Spearman in brackets. Where no run of the larger model is fitted, smaller sizes are fitted together, or the largest of them is carried over.',
    ...groups.flatMap(([group, board]) => [`### ${group}`, pairTable(board)]),
    readingOfSizes(groups),
    ...notes(groups),
  ];
}

/** Rows without any score are left out. */
function scoreTable(
  board: Scoreboard,
  score: Score,
  mean: (board: Scoreboard, row: string, score: Score) => number | undefined,
  text: (value: number) => string,
  rows = rowsInOrder(board, mre),
): string {
  const shown = (value: number | null | undefined): string =>
    value === null || value === undefined ? NOTHING : text(value);
  const scored = rows.map(row => {
    const scores = board.columns.map(column => {
      const figures = board.at(row, column);
      return figures === undefined ? null : score(figures);
    });
    return { row, scores };
  });
  return markdownTable(
    ['law', ...board.columns, 'all'],
    scored
      .filter(({ scores }) => scores.some(value => value !== null))
      .map(({ row, scores }) => [row, ...scores.map(shown), shown(mean(board, row, score))]),
  );
}

/** `1.234 (0.567)`: MRE and Spearman. */
function pairTable(board: Scoreboard): string {
  return markdownTable(
    ['law', ...board.columns],
    rowsInOrder(board, mre).map(row => [
      row,
      ...board.columns.map(column => {
        const figures = board.at(row, column);
        if (figures === undefined) return NOTHING;
        return `${percent(figures.mre)} (${figures.spearman?.toFixed(3) ?? NOTHING})`;
      }),
    ]),
  );
}

function byGroup(measured: readonly Measured[]): Groups {
  const groups = [...new Set(measured.map(({ cell }) => cell.group))];
  return groups.map(group => [group, scoreboard(measured.filter(({ cell }) => cell.group === group))]);
}

/** What was measured on which runs, and what could not be. */
function notes(groups: Groups): string[] {
  const runs = groups.flatMap(([group, { columns, measuredOn }]) => {
    const sameRuns = new Set(measuredOn.values()).size === 1 && columns.length > 1;
    if (sameRuns) return `- ${group}: ${measuredOn.get(columns[0])}.`;
    return columns.map(column => `- ${column}: ${measuredOn.get(column)}.`);
  });
  const failed = groups.flatMap(([group, { failures }]) =>
    failures.map(({ row, column, reason }) => `- ${group === '' ? '' : `${group}, `}${column}, ${row}: ${reason}.`),
  );
  return [
    `Measured on:\n\n${[...new Set(runs)].join('\n')}`,
    ...(failed.length === 0 ? [] : [`Not measured (${NOTHING}):\n\n${failed.join('\n')}`]),
  ];
}
