/**
 * The one error users see. Its message opens with *invalid*, *unknown*, *missing* or *ambiguous*,
 * names the thing, the rule and the value, and its hint says the way out.
 */

/** Where in the user's input the trouble is; lines and columns count from 1, bytes from 0. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly byte?: number;
}

export interface BimixErrorOptions {
  readonly hint?: string;
  readonly where?: Place;
  readonly cause?: unknown;
}

export type ErrorCode = `${'invalid' | 'unknown' | 'missing' | 'ambiguous'}-${string}`;

/**
 * An error in words for people: `code` is stable, `hint` gives the way out, `where` the file and line.
 *
 * @example
 * ```js
 * import { BimixError, findPreset } from 'bimix';
 *
 * try {
 *   findPreset('pyle');
 * } catch (error) {
 *   if (error instanceof BimixError) console.log(error.code, error.hint);
 * }
 * ```
 */
export class BimixError extends Error {
  /** Stable and machine-readable, for example `invalid-mixture`. */
  readonly code: ErrorCode;
  /** The way out, as a sentence or a command; empty when the message says it all. */
  readonly hint: string;
  readonly where: Place;

  /**
   * @param code stable code whose first word is the opening of the message
   * @param message opens with the first word of the code
   */
  constructor(code: ErrorCode, message: string, options: BimixErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BimixError';
    this.code = code;
    this.hint = options.hint ?? '';
    this.where = options.where ?? {};
  }

  /** Message, place and hint on one or two lines, as the command line prints them. */
  describe(): string {
    const place = describePlace(this.where);
    return `${this.message}${place === '' ? '' : ` (${place})`}${this.hint === '' ? '' : `\n${this.hint}`}`;
  }

  toJSON(): { code: string; message: string; hint: string; where: Place } {
    return { code: this.code, message: this.message, hint: this.hint, where: this.where };
  }
}

/** `runs.csv:14:3`, `part.bin at byte 1024`, or '' when nothing is known. */
export function describePlace(where: Place): string {
  const { file, line, column, byte } = where;
  let text = file ?? '';
  if (line !== undefined) text += `${text === '' ? 'line ' : ':'}${line}`;
  if (line !== undefined && column !== undefined) text += `:${column}`;
  if (byte !== undefined) text += `${text === '' ? '' : ' '}at byte ${byte}`;
  return text;
}
