/** Which columns of a generic table mean what: from a YAML mapping file, from flags, or guessed from the names. */

import type { VolumeUnit } from '../observations/index.ts';

/**
 * Columns are exact names. A pattern holds one `*`, which stands for the domain's name: `weight_*`, `*_loss`,
 * `eval/*\/CE loss`. Left out: guessed.
 */
export interface ColumnMap {
  /** Column with the run's name; without one, runs are told apart by mixture and size. */
  readonly run?: string;
  /** Column with the volume. */
  readonly volume?: string;
  /** What `volume` counts; default told from the column's name. */
  readonly volumeUnit?: VolumeUnit;
  /** Column with the model size in parameters. */
  readonly size?: string;
  readonly seed?: string;
  readonly replicate?: string;
  /** Columns with the proportions: a pattern, or domain names by column. */
  readonly weights?: string | Readonly<Record<string, string>>;
  /** Columns with the losses of a wide table: a pattern, or domain names by column. */
  readonly losses?: string | Readonly<Record<string, string>>;
  /** Column with the evaluation domain's name, in a long table. */
  readonly domain?: string;
  /** Column with the loss, in a long table. */
  readonly loss?: string;
}
