/**
 * How byte-level tokenizers cut a text into pre-tokens (words with the space before them, numbers, runs of punctuation or
 * white space) before any merge; no token crosses a cut.
 *
 * Every pattern here covers any text without gaps: each character begins some alternative. Encoding rests on that, because
 * it takes the end of one pre-token as the start of the next.
 */

/** Version of Unicode whose letters, numbers and white space the cuts go by: that of the JavaScript engine. */
export const unicodeVersion = process.versions.unicode ?? 'unknown';

/** GPT-2's, which is also that of Hugging Face's `ByteLevel`. */
export const gpt2Pattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** GPT-2's behind `Digits(individual_digits)`, as StarCoder and SmolLM have it: a cut before and after every digit. */
export const digitsPattern = String.raw`\p{N}|'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+`;

const anyCaseContraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const upper = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const lower = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const ending = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`;

/** Patterns that a `Split` of a tokenizer.json may ask for and that are known to leave no gap, in Rust's notation. */
export const gaplessSplits: readonly string[] = [
  gpt2Pattern,
  // Llama 3, OLMo 2 and others after OpenAI's cl100k_base.
  String.raw`${anyCaseContraction}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|${ending}`,
  // Qwen 2 and 3: single digits.
  String.raw`${anyCaseContraction}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|${ending}`,
  // OpenAI's o200k_base.
  String.raw`[^\r\n\p{L}\p{N}]?${upper}*${lower}+${anyCaseContraction}?|[^\r\n\p{L}\p{N}]?${upper}+${lower}*${anyCaseContraction}?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${ending}`,
];

/**
 * The pattern as a JavaScript expression that finds what the Rust original finds. JavaScript's `\s` counts U+FEFF as white
 * space and U+0085 not; Rust's is Unicode's White_Space. `(?i:...)` is spelled out, since Node 20 does not know it.
 */
export function preTokenExpression(pattern: string): RegExp {
  const source = pattern
    .replaceAll(anyCaseContraction, "(?:'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL]))")
    .replaceAll('\\s', '\\p{White_Space}')
    .replaceAll('\\S', '\\P{White_Space}');
  return new RegExp(source, 'gu');
}
