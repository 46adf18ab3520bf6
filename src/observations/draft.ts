/**
 * What an importer hands over: the rows as the file has them, before any check or repair. `assembleRuns` turns it into
 * a `RunTable` and says what it repaired.
 */

import type { Place } from '../errors/index.ts';
import type { MetricUnit } from './metric.ts';
import type { Provenance, VolumeUnit } from './run-table.ts';
import type { Schedule } from './schedule.ts';

/** What a loss column counts; bits and perplexities become nats per token. */
export type LossUnit = 'nats' | 'bits' | 'perplexity' | 'bpb';

/** What to do with two rows of one run and volume that differ: refuse them, or keep the later in the file. */
export const ON_CONTRADICTION = ['stop', 'last'] as const;

export type OnContradiction = (typeof ON_CONTRADICTION)[number];

export interface DraftRow {
  readonly run: string;
  /** Model size in parameters. */
  readonly size?: number;
  readonly seed?: number;
  readonly replicate?: string;
  /** Share of tokens in the order of the draft's training domains, as read: not yet normalized. */
  readonly mixture: ArrayLike<number>;
  /** In the draft's volume unit; left out when the unit is `none`. */
  readonly volume?: number;
  /** In the order of the draft's evaluation domains, in its loss unit; NaN where missing. */
  readonly losses: ArrayLike<number>;
  readonly where: Place;
  /** Where the mixture stands, when that is not the same row. */
  readonly mixtureWhere?: Place;
}

/** One thing the import noticed. A `repair` changed data, a `suspicion` changed nothing, a `note` says what was understood. */
export interface Finding {
  readonly kind: 'repair' | 'suspicion' | 'note';
  /** Stable, for example `renormalized` or `identical-losses`. */
  readonly code: string;
  /** One sentence with the count, without a list. */
  readonly message: string;
  readonly count: number;
  /** What each of the `count` was, for `--verbose`: run, line, values. */
  readonly items: readonly string[];
}

export interface Draft {
  /** Name of the importer. */
  readonly format: string;
  readonly trainingDomains: readonly string[];
  readonly evaluationDomains: readonly string[];
  /**
   * Training domain of each evaluation domain that has one, by name. Evaluation domains left out are mapped to the
   * training domain of the same name, if there is one.
   */
  readonly mapping?: Readonly<Record<string, string | null>>;
  /** Whether the names of domains are final; else a prefix that all of one side share is dropped. */
  readonly keepsNames?: boolean;
  readonly volumeUnit: VolumeUnit;
  readonly tokensPerStep?: number;
  /** Of the learning rate of all runs, where the file says it. */
  readonly schedule?: Schedule;
  readonly lossUnit: LossUnit;
  /** By evaluation domain: what is measured there instead of a loss; not converted by `lossUnit`. */
  readonly metrics?: Readonly<Record<string, MetricUnit>>;
  readonly rows: readonly DraftRow[];
  /** What counts where two rows of one run and volume differ; default `last`, as a resumed run logs again. */
  readonly onContradiction?: OnContradiction;
  /** Of two rows that differ: which columns may tell them apart, and how to have them read. */
  readonly explainContradiction?: (one: Place, other: Place) => string;
  /** What the importer itself repaired or noticed while reading. */
  readonly findings: readonly Finding[];
  /** Where the rows first came from, when the file says so. */
  readonly provenance?: Provenance;
}
