/** What commands write to standard output. */

import pc from 'picocolors';
import { isStandardOutput } from '../files/index.ts';
import type { Warning } from '../laws/index.ts';
import { write, writeError } from './terminal.ts';

/** Writes paragraphs, one blank line between them. */
export function printText(...paragraphs: readonly string[]): void {
  write(`${paragraphs.filter(text => text !== '').join('\n\n')}\n`);
}

/** Writes one JSON value, indented. */
export function printJson(value: unknown): void {
  write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Says on stderr what was written where: standard output holds results only. */
export function sayWritten(path: string, what: string): void {
  if (!isStandardOutput(path)) writeError(`${pc.green('wrote')} ${path} (${what})\n`);
}

/** One line a warning; empty without any. */
export function warningText(warnings: readonly Warning[]): string {
  return warnings.map(({ message }) => `${pc.yellow('!')} ${message}`).join('\n');
}

/** About every number that follows, so they stand before them. */
const OF_EVERYTHING: ReadonlySet<string> = new Set(['beaten-by-baseline', 'volume-beyond-runs']);

/** Lines for the first paragraph, each after a line break: how far beyond the runs the numbers below are. */
export function leadingWarnings(warnings: readonly Warning[]): string {
  const text = warningText(warnings.filter(({ code }) => OF_EVERYTHING.has(code)));
  return text === '' ? '' : `\n${text}`;
}

/** The other warnings, for the last paragraph. */
export function closingWarnings(warnings: readonly Warning[]): string {
  return warningText(warnings.filter(({ code }) => !OF_EVERYTHING.has(code)));
}

/** Writes warnings to stderr, for commands whose standard output is a file. */
export function sayWarnings(warnings: readonly Warning[]): void {
  if (warnings.length > 0) writeError(`${warningText(warnings)}\n`);
}

export function heading(text: string): string {
  return pc.bold(text);
}
