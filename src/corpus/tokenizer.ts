/** What a tokenizer is to counting: text in, ids out, and a name that says exactly which it was. */

export interface TokenizerIdentity {
  /** `bytes`, `gpt2`, `o200k`, `bpe-8192 of this corpus`, or the name of a tokenizer.json. */
  readonly name: string;
  /** Version of the package, or sha256 of the file, that defines it. */
  readonly version: string;
  /** Version of Unicode that its splitting into words rests on. */
  readonly unicode: string;
}

export interface Tokenizer {
  readonly identity: TokenizerIdentity;
  /** Ids are below it. */
  readonly vocabulary: number;
  /** Ids of one document, without special tokens. */
  encode(text: string): Uint32Array;
  /** Text of one id, for people: control characters escaped. */
  show(id: number): string;
}
