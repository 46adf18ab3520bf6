/** What an importer is: it knows one log or table format and nothing else. One file each, one line in `registry.ts`. */

import type { InputFile } from '../files/index.ts';
import type {
  BytesPerToken,
  DomainMapping,
  Draft,
  LossUnit,
  OnContradiction,
  Schedule,
} from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';

/** How sure an importer is that the files are its own. `certain`: marks no other format has; `likely`: a fitting shape. */
export interface Detection {
  readonly confidence: 'certain' | 'likely';
  /** What was recognized, for the user: `columns weight_*, n_tokens, *_loss`. */
  readonly reason: string;
}

/** What the user may say about the files. Units and mapping are applied after reading: an importer need not look at them. */
export interface ImportOptions {
  /** Name of the importer; detected when left out. */
  readonly format?: string;
  /** Unit of the losses, when the format does not say it; default nats per token. */
  readonly lossUnit?: LossUnit;
  /** Tokens in one step, where the volume counts steps. */
  readonly tokensPerStep?: number;
  /** Learning-rate schedule of the runs; what the files say by default. */
  readonly schedule?: Schedule;
  /** Mean bytes per token, for losses in bits per byte: one number or by evaluation domain. */
  readonly bytesPerToken?: BytesPerToken;
  /** Training domain of an evaluation domain; null for none. */
  readonly mapping?: DomainMapping;
  /** What counts where two rows of one run and volume differ; the format's own rule by default. */
  readonly onContradiction?: OnContradiction;
  /** Whether a prefix that all domains share stays in their names; default false. */
  readonly keepsNames?: boolean;
  /** How far the proportions of a run may be from summing to 1; default 0.01. */
  readonly sumTolerance?: number;
  /** Names of the training domains in file order, or a preset's name, for formats that do not carry them. */
  readonly domains?: readonly string[];
  /** Which columns of a generic table mean what. */
  readonly columns?: ColumnMap;
}

export interface Importer {
  /** As on the command line, for `--format`. */
  readonly name: string;
  /** One line: what it reads. */
  readonly description: string;
  /** Whether the files do not name their training domains, so that the user may. */
  readonly takesDomains?: boolean;
  /** Whether these files, all together, are this format. Never throws: a damaged file of the format is `read`'s to refuse. */
  detect(files: readonly InputFile[], options?: ImportOptions): Promise<Detection | false> | Detection | false;
  /**
   * Reads the files into rows, as they are: checks and repairs of values are `assembleRuns`' work.
   *
   * @throws BimixError with file, line and column on anything the format does not allow
   */
  read(files: readonly InputFile[], options: ImportOptions): Promise<Draft> | Draft;
}
