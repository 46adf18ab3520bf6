/** The cells of one group as rows and columns. */

import type { Figures, Measured } from './cell.ts';

export interface Failure {
  readonly row: string;
  readonly column: string;
  readonly reason: string;
}

export interface Scoreboard {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly failures: readonly Failure[];
  /** Columns and what they were measured on. */
  readonly measuredOn: ReadonlyMap<string, string>;
  /** Undefined where there are none. */
  at(row: string, column: string): Figures | undefined;
}

export type Score = (figures: Figures) => number | null;

/** @param measured of one group, in the order of the page */
export function scoreboard(measured: readonly Measured[]): Scoreboard {
  const figures = new Map<string, Figures>();
  const failures: Failure[] = [];
  for (const { cell, outcome } of measured) {
    const { row, column } = cell;
    if ('failure' in outcome) failures.push({ row, column, reason: outcome.failure });
    else figures.set(`${row} ${column}`, outcome);
  }
  return {
    columns: [...new Set(measured.map(({ cell }) => cell.column))],
    rows: [...new Set(measured.map(({ cell }) => cell.row))],
    failures,
    measuredOn: new Map(measured.map(({ cell }) => [cell.column, cell.measuredOn])),
    at: (row, column) => figures.get(`${row} ${column}`),
  };
}

/** Undefined where a column has no such score. */
export function scoresOfRow(board: Scoreboard, row: string, score: Score): number[] | undefined {
  const scores = board.columns.map(column => {
    const figures = board.at(row, column);
    return figures === undefined ? null : score(figures);
  });
  return scores.every(value => value !== null) ? scores : undefined;
}

/** Undefined where a column has no such score. */
export function geometricMean(board: Scoreboard, row: string, score: Score): number | undefined {
  const scores = scoresOfRow(board, row, score);
  return scores && Math.exp(scores.reduce((sum, value) => sum + Math.log(value), 0) / scores.length);
}

/** Undefined where a column has no such score. */
export function arithmeticMean(board: Scoreboard, row: string, score: Score): number | undefined {
  const scores = scoresOfRow(board, row, score);
  return scores && scores.reduce((sum, value) => sum + value, 0) / scores.length;
}

export const mre: Score = figures => figures.mre;

/** Rows by geometric mean of a score, lowest first; those without one last, in their own order. */
export function rowsInOrder(board: Scoreboard, score: Score): string[] {
  const mean = (row: string): number => geometricMean(board, row, score) ?? Number.POSITIVE_INFINITY;
  return [...board.rows].sort((a, b) => (mean(a) === mean(b) ? 0 : mean(a) - mean(b)));
}
