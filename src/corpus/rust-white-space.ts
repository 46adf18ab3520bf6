/**
 * White space as Rust's `tokenizers` sees it: Unicode's White_Space. @huggingface/tokenizers takes JavaScript's, which counts
 * U+FEFF and leaves out U+0085, and letters of ASCII alone for `\w`, so `Whitespace` cuts words at accents.
 */

import type { Tokenizer } from '@huggingface/tokenizers';
import { gpt2Pattern, preTokenExpression } from './pre-token-pattern.ts';

/** Rust's `\w`: UTS 18, Annex C. */
const WORD = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
const PUNCTUATION = String.raw`\p{P}!-\/:-@\[-\x60\{-~`;
const NOT_SPACE = /\P{White_Space}+/gu;
const WORDS_AND_SIGNS = new RegExp(String.raw`[${WORD}]+|[^${WORD}\p{White_Space}]+`, 'gu');
const BERT = new RegExp(String.raw`[^\p{White_Space}${PUNCTUATION}]+|[${PUNCTUATION}]`, 'gu');
const LEADING = /^\p{White_Space}+/u;
const TRAILING = /\p{White_Space}+$/u;

/** A step of the library, as far as it is corrected. */
interface Step {
  pre_tokenize_text?: (text: string) => string[];
  normalize?: (text: string) => string;
  pattern?: RegExp;
  readonly tokenizers?: readonly unknown[];
  readonly normalizers?: readonly unknown[];
}

/** A step as tokenizer.json describes it. */
interface StepFile {
  readonly type?: unknown;
  readonly pretokenizers?: readonly unknown[];
  readonly normalizers?: readonly unknown[];
  readonly strip_left?: unknown;
  readonly strip_right?: unknown;
}

/** Corrects, in place, the tokenizer that the library has built of a file. */
export function useRustWhiteSpace(
  library: Tokenizer,
  file: { readonly pre_tokenizer?: unknown; readonly normalizer?: unknown },
): void {
  correct(library.pre_tokenizer as Step | null, file.pre_tokenizer as StepFile | null);
  correct(library.normalizer as Step | null, file.normalizer as StepFile | null);
}

function correct(step: Step | null, file: StepFile | null): void {
  if (step === null || file === null) return;
  switch (file.type) {
    case 'Sequence': {
      const steps = step.tokenizers ?? step.normalizers ?? [];
      const files = file.pretokenizers ?? file.normalizers ?? [];
      steps.forEach((inner, i) => {
        correct(inner as Step | null, (files[i] ?? null) as StepFile | null);
      });
      break;
    }
    case 'WhitespaceSplit':
      step.pre_tokenize_text = text => text.match(NOT_SPACE) ?? [];
      break;
    case 'Whitespace':
      step.pre_tokenize_text = text => text.match(WORDS_AND_SIGNS) ?? [];
      break;
    case 'BertPreTokenizer':
      step.pre_tokenize_text = text => text.match(BERT) ?? [];
      break;
    case 'ByteLevel':
      if (step.pattern !== undefined) step.pattern = preTokenExpression(gpt2Pattern);
      break;
    case 'Strip':
      step.normalize = text => {
        const left = file.strip_left === true ? text.replace(LEADING, '') : text;
        return file.strip_right === true ? left.replace(TRAILING, '') : left;
      };
  }
}
