/**
 * The lines of what a trainer printed. A console log is no clean text: copies that raced with log rotation hold zero bytes,
 * terminals leave colours and progress bars, launchers put ranks and times before each line.
 */

import { isUtf8 } from 'node:buffer';
import { stripVTControlCharacters } from 'node:util';
import type { InputFile } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';

export interface ConsoleLine {
  /** Without zero bytes and control sequences. */
  readonly text: string;
  /** From 1, counted by line feeds as editors count them. */
  readonly line: number;
}

/** Bytes decoded at a time. */
const BLOCK_BYTES = 4_194_304;
const LINE_FEED = 10;
/** Bytes on both sides of a word that are read to recognize its line. */
const AROUND = 1000;

/** One thing that may come before the text of a line: a rank, a time, a host, a level, a rule of dashes. */
const BEFORE = new RegExp(
  [
    /\s+/,
    /\[[^\]]*\]:?/,
    /\([^)]*pid=[^)]*\)/,
    /\d+:(?=\s|$)/,
    /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?/,
    /\d{2}:\d{2}:\d{2}(?:[.,]\d+)?/,
    /[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2}(?: [\w.-]+)?(?=\s)/,
    /(?:stdout|stderr) [FP](?=\s)/,
    /(?:DEBUG|INFO|WARNING|ERROR)\b:?/,
    /[A-Za-z][\w.-]*:(?=\s)/,
    /[\w.]+:[\w<>]+:\d+ (?=- )/,
    /-+(?=\s|$)|-{3,}/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);

/** All lines; a carriage return ends one too, as a progress bar that is drawn again. */
export function* consoleLines({ content }: InputFile): Generator<ConsoleLine> {
  let line = 1;
  for (const block of blocksOf(content)) {
    const rows = clean(block).split('\n');
    if (rows.at(-1) === '') rows.pop();
    for (const row of rows) {
      for (const text of row.split('\r')) yield { text, line };
      line++;
    }
  }
}

/** Whether a line of the file with a word matches a pattern, anywhere in the file. */
export function hasLine({ content }: InputFile, word: string, pattern: RegExp): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + word.length)) {
    const from = Math.max(0, at - AROUND);
    const around = clean(bytes.subarray(from, at + AROUND)).split(/[\r\n]/);
    if (around.some(text => pattern.test(text))) return true;
  }
  return false;
}

/** A text without what launchers and loggers put before each line. */
export function messageOf(text: string): string {
  let length = 0;
  for (;;) {
    BEFORE.lastIndex = length;
    if (!BEFORE.test(text) || BEFORE.lastIndex === length) return text.slice(length).trim();
    length = BEFORE.lastIndex;
  }
}

/** A note on the files that hold zero bytes or bytes that are no text. */
export function strayBytes(files: readonly InputFile[]): Finding[] {
  const items = files.flatMap(({ path, content }) => {
    const zeros = zeroBytes(content);
    return [
      ...(zeros === 0 ? [] : [`${path}: ${counted(zeros, 'zero byte')} skipped`]),
      ...(isUtf8(content) ? [] : [`${path}: bytes that are not UTF-8`]),
    ];
  });
  return findingOf('note', 'stray-bytes', items, n => `stray bytes in ${counted(n, 'log')} skipped`);
}

function* blocksOf(content: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < content.length; ) {
    const end = content.indexOf(LINE_FEED, Math.min(from + BLOCK_BYTES, content.length));
    const to = end < 0 ? content.length : end + 1;
    yield content.subarray(from, to);
    from = to;
  }
}

function clean(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replaceAll('\0', '').replaceAll('\r\n', '\n');
  return text.includes('\x1b') ? stripVTControlCharacters(text) : text;
}

function zeroBytes(content: Uint8Array): number {
  let count = 0;
  for (let at = content.indexOf(0); at >= 0; at = content.indexOf(0, at + 1)) count++;
  return count;
}
