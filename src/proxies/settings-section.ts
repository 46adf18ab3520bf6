/** One mapping of a settings file: its values read by what they have to be, each error with its place. */

import { BimixError, didYouMean, type Place } from '../errors/index.ts';
import { parseQuantity } from '../mixture/index.ts';

export type PlaceOf = (...keys: (string | number)[]) => Place;

export interface NumberRange {
  /** Included, unless `above`. */
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
}

/** Values that are left out, or written as null, are undefined. */
export class SettingsSection {
  /** For errors: `trainer`, `domain "web"`. */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  private readonly placeOf: PlaceOf;

  /**
   * @param known keys it may have
   * @throws BimixError `invalid-project` for anything but a mapping, `unknown-key`
   */
  constructor(name: string, value: unknown, known: readonly string[] | undefined, placeOf: PlaceOf) {
    this.name = name;
    this.placeOf = placeOf;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.invalidValue(value, 'keys with values');
    }
    this.values = value as Readonly<Record<string, unknown>>;
    const unknown = known === undefined ? undefined : Object.keys(value).find(key => !known.includes(key));
    if (unknown === undefined) return;
    throw new BimixError('unknown-key', `unknown key "${unknown}" in ${name}`, {
      hint: didYouMean(unknown, known ?? []),
      where: placeOf(unknown),
    });
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  place(...keys: (string | number)[]): Place {
    return this.placeOf(...keys);
  }

  section(key: string, known?: readonly string[]): SettingsSection | undefined {
    if (!this.has(key)) return undefined;
    return new SettingsSection(key, this.values[key], known, (...keys) => this.placeOf(key, ...keys));
  }

  text(key: string): string | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw this.invalid(key, 'text');
  }

  /** One text, or a list of them; never empty. */
  texts(key: string): readonly string[] | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    const list = typeof value === 'string' ? [value] : value;
    if (Array.isArray(list) && list.length > 0 && list.every(item => typeof item === 'string' && item.trim() !== '')) {
      return list;
    }
    throw this.invalid(key, 'text or a list of texts');
  }

  choice<const Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(key);
    const found = choices.find(choice => choice === value);
    if (value === undefined || found !== undefined) return found;
    throw new BimixError('invalid-project', `invalid ${key} of ${this.name}: ${JSON.stringify(value)}`, {
      hint: didYouMean(value, choices),
      where: this.placeOf(key),
    });
  }

  flag(key: string): boolean | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (typeof value === 'boolean') return value;
    throw this.invalid(key, 'true or false');
  }

  /** A positive count such as `100B`. */
  count(key: string, what: string): number | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    return this.checked(key, () => parseQuantity(typeof value === 'number' ? value : String(value), what));
  }

  number(key: string, { least, above, most }: NumberRange = {}): number | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    const fits =
      typeof value === 'number' &&
      Number.isFinite(value) &&
      !(least !== undefined && value < least) &&
      !(above !== undefined && value <= above) &&
      !(most !== undefined && value > most);
    if (fits) return value;
    const limits = [
      ...(least === undefined ? [] : [`of at least ${least}`]),
      ...(above === undefined ? [] : [`above ${above}`]),
      ...(most === undefined ? [] : [`${least === undefined && above === undefined ? 'of' : 'and'} at most ${most}`]),
    ];
    throw this.invalid(key, ['a number', ...limits].join(' '));
  }

  whole(key: string, range: NumberRange = { least: 1 }): number | undefined {
    const value = this.number(key, range);
    if (value === undefined || Number.isSafeInteger(value)) return value;
    throw this.invalid(key, 'a whole number');
  }

  /** Numbers by name. */
  numbers(key: string, range: NumberRange = {}): Readonly<Record<string, number>> | undefined {
    const section = this.section(key);
    if (section === undefined) return undefined;
    const names = Object.keys(section.values);
    return Object.fromEntries(names.map(name => [name, section.required(name, section.number(name, range))]));
  }

  /** Texts by name; with `nulls`, null too. */
  textsByName(key: string): Readonly<Record<string, string>> | undefined;
  textsByName(key: string, nulls: true): Readonly<Record<string, string | null>> | undefined;
  textsByName(key: string, nulls = false): Readonly<Record<string, string | null>> | undefined {
    const section = this.section(key);
    if (section === undefined) return undefined;
    return Object.fromEntries(
      Object.entries(section.values).map(([name, value]) => {
        if (nulls && value === null) return [name, null];
        if (typeof value === 'string' || typeof value === 'number') return [name, String(value)];
        throw section.invalid(name, 'text');
      }),
    );
  }

  /** What reading a value throws, with the value's place. */
  checked<T>(key: string, read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof BimixError)) throw cause;
      throw new BimixError(cause.code, cause.message, { hint: cause.hint, where: this.placeOf(key), cause });
    }
  }

  /** @throws BimixError `missing-key` */
  required<T>(key: string, value: T | undefined, hint = ''): T {
    if (value !== undefined) return value;
    throw new BimixError('missing-key', `missing ${key} of ${this.name}`, { hint, where: this.placeOf() });
  }

  invalid(key: string, expected: string, hint = ''): BimixError {
    const message = `invalid ${key} of ${this.name}: ${JSON.stringify(this.values[key])}, expected ${expected}`;
    return new BimixError('invalid-project', message, { hint, where: this.placeOf(key) });
  }

  private invalidValue(value: unknown, expected: string): BimixError {
    const message = `invalid ${this.name}: ${JSON.stringify(value)}, expected ${expected}`;
    return new BimixError('invalid-project', message, { where: this.placeOf() });
  }
}
