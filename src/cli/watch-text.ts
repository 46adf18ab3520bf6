/** A watched run in words: one line a checkpoint, a sentence an alarm, a table at the end. */

import pc from 'picocolors';
import { commonUnit, type FittedLaw } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import type { Alarm, WatchedCheckpoint, WatchedTarget } from '../monitoring/index.ts';
import { intervalText } from './interval-option.ts';
import { decimal, percent } from './number-text.ts';
import { textTable } from './text-table.ts';

/** Domains with a column of their own in the lines; beyond it, only those outside their intervals are named. */
const MAX_COLUMNS = 8;
const CELL = 10;

/**
 * Titles of the lines.
 *
 * @param end volume at which the run is to end
 */
export function lineTitles({ targets, volume }: FittedLaw, end: number): string {
  const names = targets.length > MAX_COLUMNS ? [] : targets.map(({ target }) => target);
  const mean = commonUnit({ targets }) === null ? '' : `mean loss at ${formatQuantity(end)} ${volume.unit}`;
  return pc.dim(row([volume.unit, ...names, 'offset'], mean));
}

/** A loss outside its interval is marked with the side it is on. */
export function checkpointLine({ volume, judged, targets, end }: WatchedCheckpoint): string {
  const cells = targets.length > MAX_COLUMNS ? [] : targets.map(lossCell);
  const tail = end === null ? [] : [`${end.loss.toFixed(4)} (${intervalText(end)})`];
  if (!judged) tail.push(pc.dim('before the volumes of the fit: not judged'));
  const outside = targets.filter(target => target.outside);
  if (targets.length > MAX_COLUMNS && outside.length > 0) {
    tail.push(`outside: ${outside.map(target => `${target.target} ${lossCell(target).trim()}`).join(', ')}`);
  }
  return row([formatQuantity(volume), ...cells, signed(meanOffset(targets))], tail.join('  '));
}

/** What happened, where, and since when. */
export function alarmText({ kind, target, volume, since, deviation }: Alarm, unit: string): string {
  const at = `${formatQuantity(volume)} ${unit}`;
  const from = `${formatQuantity(since)} ${unit}`;
  const size = deviation === null ? '' : percent(Math.abs(deviation), 1);
  const side = deviation !== null && deviation < 0 ? 'below' : 'above';
  const text = {
    'not-a-number': `the loss of ${target} is no positive number at ${at}: the run is breaking`,
    jump: `the loss of ${target} is ${size} above where the run was heading at ${at}`,
    change: `${target} left its course: since ${from} it is ${size} ${side} where the run was before (detected at ${at})`,
    level: `${target} is ${size} ${side} the law's prediction since ${from}, more than runs differ by (detected at ${at})`,
  }[kind];
  return `${pc.red('alarm:')} ${text}`;
}

/** The last checkpoint by domain. */
export function lastTable({ targets }: WatchedCheckpoint, level: number): string {
  return textTable(
    ['domain', '>loss', `>expected (${percent(level, 0)})`, '>offset so far', `>at the end (${percent(level, 0)})`],
    targets.map(({ target, loss, expected, outside, offset, end }) => [
      target,
      loss === null ? '-' : `${decimal(loss)}${outside ? ' !' : ''}`,
      intervalText(expected),
      signed(offset),
      `${end.loss.toFixed(4)} (${intervalText(end)})`,
    ]),
  );
}

function lossCell({ loss, expected, outside }: WatchedTarget): string {
  if (loss === null) return '-';
  const mark = outside ? (loss > expected.upper ? '+' : '-') : ' ';
  return `${decimal(loss)}${mark}`;
}

function meanOffset(targets: readonly WatchedTarget[]): number {
  return targets.reduce((sum, { offset }) => sum + offset / targets.length, 0);
}

/** A log offset as a percentage with its sign. */
function signed(offset: number): string {
  return `${offset < 0 ? '' : '+'}${percent(Math.expm1(offset), 1)}`;
}

function row(cells: readonly string[], tail: string): string {
  return `${cells.map(cell => (cell.length > CELL ? `${cell.slice(0, CELL - 1)}…` : cell).padStart(CELL)).join(' ')}  ${tail}`;
}
