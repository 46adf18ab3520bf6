/**
 * A column of a table, packed: numbers in typed arrays, text that repeats kept once. Ten million cells of a long table take
 * some dozens of megabytes rather than gigabytes.
 */

/** Rows of one block. */
const BLOCK = 16_384;

/** How a cell is kept; up to 15 it is text with that many decimals, whose digits are its number's. */
const ABSENT = 255;
const NUMBER = 254;
/** Text whose digits are its number's, as JavaScript writes it. */
const NUMERIC_TEXT = 253;
/** Index into the values that are not numbers. */
const OTHER = 252;
const MAX_DECIMALS = 15;
/** Significant digits that every number keeps. */
const MAX_DIGITS = 15;

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.(\d+))?$/;

interface Block {
  readonly values: Float64Array | Uint32Array | Uint16Array;
  /** One for all cells, or one each. */
  readonly kinds: number | Uint8Array;
}

export class PackedColumn {
  readonly #blocks: Block[] = [];
  #values = new Float64Array(BLOCK);
  #kinds = new Uint8Array(BLOCK);
  #filled = 0;
  readonly #others: unknown[] = [];
  readonly #known = new Map<string, number>();

  get length(): number {
    return this.#blocks.length * BLOCK + this.#filled;
  }

  /** Appends a cell; undefined for one that is absent. */
  push(cell: unknown): void {
    if (this.#filled === BLOCK) this.#seal();
    const at = this.#filled++;
    if (typeof cell === 'number') this.#set(at, NUMBER, cell);
    else if (typeof cell === 'string') this.#pushText(at, cell);
    else if (cell === undefined) this.#set(at, ABSENT, 0);
    else this.#set(at, OTHER, this.#others.push(cell) - 1);
  }

  /** Puts another value in place of the cell pushed last. */
  replaceLast(cell: unknown): void {
    this.#filled--;
    this.push(cell);
  }

  /** The cell as it was pushed; undefined beyond the last. */
  at(row: number): unknown {
    const n = Math.floor(row / BLOCK);
    const i = row % BLOCK;
    if (row >= this.length) return undefined;
    const { values, kinds } = n < this.#blocks.length ? this.#blocks[n] : { values: this.#values, kinds: this.#kinds };
    const kind = typeof kinds === 'number' ? kinds : kinds[i];
    if (kind === NUMBER) return values[i];
    if (kind === ABSENT) return undefined;
    if (kind === OTHER) return this.#others[values[i]];
    return kind === NUMERIC_TEXT ? String(values[i]) : values[i].toFixed(kind);
  }

  /** Whether any cell holds more than white space. */
  hasText(): boolean {
    for (let row = 0; row < this.length; row++) if (String(this.at(row) ?? '').trim() !== '') return true;
    return false;
  }

  /**
   * The cell as a number where it is one or can only be read as one; undefined for the caller to look at the cell, as at
   * `1.234`, which may be a thousand and more.
   */
  numberAt(row: number): number | undefined {
    const n = Math.floor(row / BLOCK);
    const { values, kinds } = n < this.#blocks.length ? this.#blocks[n] : { values: this.#values, kinds: this.#kinds };
    const kind = typeof kinds === 'number' ? kinds : kinds[row % BLOCK];
    const value = values[row % BLOCK];
    if (kind === NUMBER) return value;
    const isNumeric = kind <= MAX_DECIMALS || kind === NUMERIC_TEXT;
    return isNumeric && !(Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6 && kind !== 0) ? value : undefined;
  }

  #set(at: number, kind: number, value: number): void {
    this.#kinds[at] = kind;
    this.#values[at] = value;
  }

  #pushText(at: number, text: string): void {
    const kind = textKind(text);
    if (kind !== OTHER) {
      this.#set(at, kind, Number(text));
      return;
    }
    let index = this.#known.get(text);
    if (index === undefined) {
      index = this.#others.push(text) - 1;
      this.#known.set(text, index);
    }
    this.#set(at, OTHER, index);
  }

  /** Packs the block that is full, and begins another. */
  #seal(): void {
    const kinds = this.#kinds.every(kind => kind === this.#kinds[0]) ? this.#kinds[0] : this.#kinds;
    this.#blocks.push({ values: narrowest(this.#values), kinds });
    this.#values = new Float64Array(BLOCK);
    this.#kinds = new Uint8Array(BLOCK);
    this.#filled = 0;
  }
}

/** How a text is kept so that it comes back character by character. */
function textKind(text: string): number {
  const match = DECIMAL.exec(text);
  if (match === null) return text !== '' && String(Number(text)) === text ? NUMERIC_TEXT : OTHER;
  const decimals = match[1]?.length ?? 0;
  const isShort = text.length - (decimals > 0 ? 2 : 1) <= MAX_DIGITS - 1;
  if (isShort && !text.startsWith('-') && decimals <= MAX_DECIMALS) return decimals;
  return String(Number(text)) === text ? NUMERIC_TEXT : OTHER;
}

function narrowest(values: Float64Array): Block['values'] {
  let max = 0;
  for (const value of values) {
    if (!(value >= 0 && Number.isInteger(value)) || Object.is(value, -0)) return values;
    max = Math.max(max, value);
  }
  if (max < 2 ** 16) return Uint16Array.from(values);
  return max < 2 ** 32 ? Uint32Array.from(values) : values;
}
