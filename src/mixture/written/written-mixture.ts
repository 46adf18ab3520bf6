/** A mixture as a file or a command line writes it, before its names are matched with training domains. */

/** One domain and its weight, unchecked. */
export interface WrittenShare {
  /** What the domain may be called, likeliest first: `/data/web_text_document` may be `web` or `data`. At least one. */
  readonly names: readonly string[];
  /** As written: a number, or text such as `60%`. */
  readonly weight: unknown;
  /** Keys that lead to the weight in the file, for its place in errors. */
  readonly keys: readonly Key[];
}

export type Key = string | number;

export interface WrittenMixture {
  readonly shares: readonly WrittenShare[];
  /**
   * `shares` sum to 1, or to 100 where they are percentages; `weights` have any positive sum, because the trainer that
   * reads the file divides by it.
   */
  readonly kind: 'shares' | 'weights';
  /** Whether the names are paths of files: several files may belong to one domain. */
  readonly arePaths: boolean;
}

/** One way in which mixtures are written. One file each, one line in `mixture-forms.ts`. */
export interface MixtureForm {
  /** For lists of forms, for example `Megatron-LM blend`. */
  readonly name: string;
  /**
   * The mixture in a parsed YAML or JSON value, or undefined when the value is not of this form. Looks at this value only,
   * not at what lies inside it.
   *
   * @param keys that lead to the value; none for the whole file
   */
  read(value: unknown, keys: readonly Key[]): WrittenMixture | undefined;
}

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number, or text that is nothing but a number, with or without a per cent sign. */
const WEIGHT = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%?)\s*$/i;

/** The number that a weight is, `60%` as 0.6; NaN for anything else. */
export function weightOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const [, digits, percent] = (typeof value === 'string' && WEIGHT.exec(value)) || [];
  return digits === undefined ? Number.NaN : Number(digits) / (percent === '%' ? 100 : 1);
}

export function isWeight(value: unknown): boolean {
  return !Number.isNaN(weightOf(value));
}
