/** What an exporter is: it writes a mixture the way one trainer or file format wants it. One file each, one line in the registry. */

import type { Mixture } from '../mixture/index.ts';

/** Where a mixture came from, in words; what is not known is left out. */
export interface About {
  /** For example `bimix-transfer`, or `published: slimpajama/doremi`. */
  readonly law?: string;
  /** For example `60 runs of 122M parameters`. */
  readonly runs?: string;
  /** Data volume the mixture is meant for: `100B tokens`. */
  readonly volume?: string;
  /** Seed of what was random, or `none`. */
  readonly seed?: string;
  readonly date?: string;
  /** Version of bimix. */
  readonly bimix?: string;
}

export interface ExportedMixture {
  readonly mixture: Mixture;
  readonly about: About;
  /** Tokens drawn by training domain, where the budget is known. */
  readonly tokens?: Readonly<Record<string, number>>;
  /** Tokens drawn over tokens available by training domain; null where the latter are not known. */
  readonly epochs?: Readonly<Record<string, number | null>>;
}

export interface ExportOptions {
  /** Path of each domain's data, for trainers that name files. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Path of a domain without one of its own, `{domain}` standing for its name. */
  readonly template?: string;
}

export interface Exporter {
  /** As on the command line. */
  readonly name: string;
  readonly description: string;
  /** File name endings that choose it, with the dot. */
  readonly extensions: readonly string[];
  /** Whether a domain with a share of 0 is left out, because the trainer takes none. */
  readonly leavesOutZeros?: boolean;
  /** The text of the file, with a final newline. */
  write(exported: ExportedMixture, options: ExportOptions): string;
}
