export interface SampleDocument {
  /** Unique in its domain. */
  readonly id: string;
  readonly text: string;
}

/** One domain of text, as its packages ship it: neither shortened nor freed of duplicates. */
export interface SampleDomain {
  readonly name: string;
  readonly title: string;
  /** Packages that ship the text; none where it is generated. */
  readonly packages: readonly string[];
  /** SPDX identifier of the text's licence. */
  readonly licence: string;
  /** Where that licence, or the statement of it, is to be read. */
  readonly licenceText: string;
  /** What becomes a document. */
  readonly extract: string;
  /** Every document, in the same order on every machine. Throws with code `MODULE_NOT_FOUND` where a package is missing. */
  documents(): AsyncGenerator<SampleDocument>;
}

export declare const domains: readonly SampleDomain[];

/** Installed version of a package. Throws with code `MODULE_NOT_FOUND` where it is missing. */
export declare function packageVersion(name: string): Promise<string>;
