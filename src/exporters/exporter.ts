/** What an exporter is: a mixture written in the form one trainer or one kind of reader takes. One file a trainer. */

import type { Warning } from '../laws/index.ts';
import type { MixtureSheet } from './mixture-sheet.ts';

export interface ExportOptions {
  /** Digits after the point; defaults to 6. The decimals sum to exactly 1. */
  readonly digits?: number;
  /**
   * Where each domain's data lie, for trainers that name files: a path by domain, or a template in which `{domain}` stands
   * for the domain's name.
   */
  readonly paths?: string | Readonly<Record<string, string>>;
}

export interface Exported {
  readonly text: string;
  /** What the text does not say, for instance a domain left out. */
  readonly warnings: readonly Warning[];
}

export interface Exporter {
  /** As on the command line. */
  readonly name: string;
  /** What it writes and for whom, with the version of a trainer. */
  readonly title: string;
  /** File names it is chosen by, such as `.yaml`; empty when only its name chooses it. */
  readonly extensions: readonly string[];
  /** Whether it needs `paths`. */
  readonly needsPaths: boolean;
  /** @throws BimixError */
  write(sheet: MixtureSheet, options?: ExportOptions): Exported;
}
