import { z } from 'zod';
import { digitsPattern, gaplessSplits, gpt2Pattern } from './pre-token-pattern.ts';

const byteLevel = z.looseObject({
  type: z.literal('ByteLevel'),
  add_prefix_space: z.literal(false),
  use_regex: z.boolean().default(true),
});

const split = z.looseObject({
  type: z.literal('Split'),
  pattern: z.strictObject({ Regex: z.string() }),
  behavior: z.literal('Isolated'),
  invert: z.literal(false),
});

const digits = z.looseObject({ type: z.literal('Digits'), individual_digits: z.literal(true) });

const sequence = z.looseObject({ type: z.literal('Sequence'), pretokenizers: z.array(z.unknown()) });

/** The pattern that cuts as the `pre_tokenizer` of a tokenizer.json does, or undefined when it is none of the known ones. */
export function byteLevelPattern(preTokenizer: unknown): string | undefined {
  const steps = sequence.safeParse(preTokenizer).data?.pretokenizers ?? [preTokenizer];
  const last = byteLevel.safeParse(steps.at(-1)).data;
  if (last === undefined || steps.length > 2) return undefined;
  if (steps.length === 1) return last.use_regex ? gpt2Pattern : undefined;
  if (last.use_regex) return digits.safeParse(steps[0]).success ? digitsPattern : undefined;
  const regex = split.safeParse(steps[0]).data?.pattern.Regex;
  return regex !== undefined && gaplessSplits.includes(regex) ? regex : undefined;
}
