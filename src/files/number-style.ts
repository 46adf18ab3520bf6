/**
 * How a table writes its numbers: with a decimal point or a decimal comma, with or without marks between thousands. `6,43` and
 * `1,234,567` say it themselves. `1,234` and, beside decimal commas, `1.234` do not: their column says it, else the table.
 */

/** Text cells that may be numbers. */
interface NumberCells {
  readonly rowCount: number;
  readonly columns: readonly string[];
  cell(row: number, column: number): unknown;
}

/** What a comma, and a point before three digits, mean in a column. */
export interface NumberStyle {
  /** Undefined where nothing says it. */
  readonly comma: 'decimal' | 'thousands' | undefined;
  readonly point: 'decimal' | 'thousands';
}

/** `6,43`, `0,800`, `1.234,5`: only a decimal comma fits. */
const DECIMAL_COMMA =
  /^[+-]?(?:0*,\d+|0+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+)(?:e[+-]?\d+)?\s*%?$/i;
/** `6.43`, `0.800`, `1,234.5`: only a decimal point fits. */
const DECIMAL_POINT =
  /^[+-]?(?:0*\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+|\d{1,3}(?:,\d{3})+\.\d+)(?:e[+-]?\d+)?\s*%?$/i;
/** `1,234,567`: only marks between thousands fit. */
const THOUSANDS_COMMA = /^[+-]?[1-9]\d{0,2}(?:,\d{3}){2,}$/;
const THOUSANDS_POINT = /^[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}$/;

/** `1,234`: either. */
export const EITHER_COMMA = /^[+-]?[1-9]\d{0,2},\d{3}$/;
export const EITHER_POINT = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;

interface Evidence {
  decimalComma: boolean;
  decimalPoint: boolean;
  thousandsComma: boolean;
  thousandsPoint: boolean;
}

/**
 * The style of each column.
 *
 * @param separator between the cells; a semicolon is what spreadsheets write where the comma is the decimal mark
 */
export function numberStyles(cells: NumberCells, separator: string | undefined): (column: number) => NumberStyle {
  const ofColumn = cells.columns.map((_, column) => evidenceOf(cells, column));
  const table = ofColumn.reduce(merged, none());
  return column => {
    const own = ofColumn[column] ?? none();
    const comma = commaOf(own) ?? commaOf(table) ?? (separator === ';' ? 'decimal' : undefined);
    const isThousands = own.thousandsPoint || (own.decimalComma && !own.decimalPoint);
    const beside = !own.decimalPoint && !table.decimalPoint && (table.decimalComma || table.thousandsPoint);
    return { comma, point: isThousands || beside ? 'thousands' : 'decimal' };
  };
}

function commaOf({ decimalComma, decimalPoint, thousandsComma, thousandsPoint }: Evidence): NumberStyle['comma'] {
  if (decimalComma || thousandsPoint) return 'decimal';
  return thousandsComma || decimalPoint ? 'thousands' : undefined;
}

function evidenceOf(cells: NumberCells, column: number): Evidence {
  const evidence = none();
  for (let row = 0; row < cells.rowCount; row++) {
    const cell = cells.cell(row, column);
    if (typeof cell !== 'string' || (!cell.includes(',') && !cell.includes('.'))) continue;
    const text = cell.trim();
    evidence.decimalComma ||= DECIMAL_COMMA.test(text);
    evidence.decimalPoint ||= DECIMAL_POINT.test(text);
    evidence.thousandsComma ||= THOUSANDS_COMMA.test(text);
    evidence.thousandsPoint ||= THOUSANDS_POINT.test(text);
  }
  return evidence;
}

function none(): Evidence {
  return { decimalComma: false, decimalPoint: false, thousandsComma: false, thousandsPoint: false };
}

function merged(a: Evidence, b: Evidence): Evidence {
  return {
    decimalComma: a.decimalComma || b.decimalComma,
    decimalPoint: a.decimalPoint || b.decimalPoint,
    thousandsComma: a.thousandsComma || b.thousandsComma,
    thousandsPoint: a.thousandsPoint || b.thousandsPoint,
  };
}
