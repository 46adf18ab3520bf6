/** Numbers as the command line prints them. */

/** 0.0123 as `1.23 %`. */
export function percent(fraction: number, digits = 2): string {
  return `${withoutSign((100 * fraction).toFixed(digits))} %`;
}

/** `-0.00` as `0.00`. */
function withoutSign(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** With a fixed number of decimals, or `-` where there is no number. */
export function decimal(value: number | null | undefined, digits = 4): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits);
}

/** No coefficient of a law means anything below this. */
const NOTHING = 1e-12;

/** With `digits` significant digits: 0.00001234 as `1.234e-5`, and 0 below 1e-12. */
export function significant(value: number | null | undefined, digits = 4): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? '-'
    : String(Math.abs(value) < NOTHING ? 0 : Number(value.toPrecision(digits)));
}

/** A value and its standard error, to the first digit of the error: `3.00 ± 0.02`. */
export function withError(value: number, error: number): string {
  const digits = Math.min(8, Math.max(0, -Math.floor(Math.log10(error))));
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

/** `1 run`, `2 runs`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a, b and c`. */
export function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
