/** Lines of a file found again in its bytes, for errors: a large table is not kept as text. */

import type { Place } from '../errors/index.ts';
import type { InputFile } from './input-file.ts';
import { MAX_LINE_LENGTH } from './text-lines.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

export class LinePlaces {
  readonly #file: InputFile;
  /** The line found last, and where it begins: looking goes on from there. */
  #line = 1;
  #start = 0;

  constructor(file: InputFile) {
    this.#file = file;
  }

  /** The text of a line, counted from 1, without its end. */
  line(number: number): string {
    const { content } = this.#file;
    if (number < this.#line) [this.#line, this.#start] = [1, 0];
    while (this.#line < number && this.#start < content.length) {
      this.#start = nextLine(content, this.#start);
      this.#line++;
    }
    const end = lineEnd(content, this.#start);
    return new TextDecoder().decode(content.subarray(this.#start, end));
  }

  /** The first line of more than `MAX_LINE_LENGTH` characters. */
  firstLongLine(): number | undefined {
    const { content } = this.#file;
    for (let start = 0; start < content.length; ) {
      const feed = content.indexOf(LF, start);
      const end = feed < 0 ? content.length : feed;
      if (end - start > MAX_LINE_LENGTH) {
        for (let at = start; at < end; at = nextLine(content, at)) {
          const stop = lineEnd(content, at);
          if (stop - at > MAX_LINE_LENGTH && characters(content.subarray(at, stop)) > MAX_LINE_LENGTH) {
            return this.#numberOf(at);
          }
        }
      }
      start = end + 1;
    }
    return undefined;
  }

  /** Where the last quotation mark stands. */
  lastQuote(): Place {
    const { content } = this.#file;
    const at = content.lastIndexOf(QUOTE);
    const line = this.#numberOf(at);
    this.line(line);
    return { line, column: characters(content.subarray(this.#start, at)) + 1 };
  }

  /** Whether a line is the last and has no end, as where a file was cut. */
  isCutAt(line: number): boolean {
    const { content } = this.#file;
    const last = content.at(-1);
    return last !== LF && last !== CR && line >= this.#numberOf(content.length - 1);
  }

  #numberOf(offset: number): number {
    const { content } = this.#file;
    let line = 1;
    for (let at = nextLine(content, 0); at <= offset && at < content.length; at = nextLine(content, at)) line++;
    return line;
  }
}

/** Where the next line begins; the length of the content after the last. */
function nextLine(content: Uint8Array, start: number): number {
  const end = lineEnd(content, start);
  return content[end] === CR && content[end + 1] === LF ? end + 2 : end + 1;
}

function lineEnd(content: Uint8Array, start: number): number {
  const feed = content.indexOf(LF, start);
  const end = feed < 0 ? content.length : feed;
  const back = content.subarray(start, end).indexOf(CR);
  return back < 0 ? end : start + back;
}

function characters(bytes: Uint8Array): number {
  return new TextDecoder().decode(bytes).length;
}
