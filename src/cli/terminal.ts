/** The two streams of a terminal, safe from what names, paths and messages hold. */

import pc from 'picocolors';

/** C0 without tab and line feed, delete, C1, line separators, and what turns the direction of text. */
const CONTROL = '(?![\\t\\n])\\p{Cc}|[\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]';
/** The styles that bimix itself writes: bold, dim, red, green, yellow and their ends. */
const STYLE = '\\u001b\\[(?:1|2|22|31|32|33|39)m';
const ESCAPED = new RegExp(pc.isColorSupported ? `${STYLE}|${CONTROL}` : CONTROL, 'gu');

let isTextOnStderr = false;

/** Control characters as `\u001b`: they would move the cursor, turn text round or hide it. In JSON the same characters still. */
function visibleText(text: string): string {
  return text.replace(ESCAPED, match => (match.length > 1 ? match : escaped(match)));
}

/** Says where text for people goes: to stderr where standard output carries a file. */
export function sendTextToStderr(send: boolean): void {
  isTextOnStderr = send;
}

/** Writes text for people, and results without `--output`. */
export function write(text: string): void {
  (isTextOnStderr ? process.stderr : process.stdout).write(visibleText(text));
}

/** Writes to stderr: progress, warnings and errors. */
export function writeError(text: string): void {
  process.stderr.write(visibleText(text));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
