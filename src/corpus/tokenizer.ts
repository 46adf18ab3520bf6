/** What a tokenizer is to counting: text in, ids out, and a name that says exactly which it was. */

export interface TokenizerIdentity {
  /** For people: `bytes`, `gpt2`, `o200k`, `bpe-8192` (trained), or the directory and name of a tokenizer.json. */
  readonly name: string;
  /** `sha256:` and the hash of the ranks, the merges or the file that define it; `UTF-8` for bytes. */
  readonly version: string;
  /** Version of Unicode that its splitting into words rests on; `none` for bytes. */
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

/** Whether two tokenizers give the same ids, so that counts and entropies under them may meet; the name does not matter. */
export function sameTokenizer(a: TokenizerIdentity, b: TokenizerIdentity): boolean {
  return a.version === b.version && a.unicode === b.unicode;
}
