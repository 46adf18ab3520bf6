/** The lines in which Megatron-LM, its forks and GPT-NeoX print an evaluation: `<name> loss at iteration N | lm loss value: X |`. */

import { BimixError } from '../errors/index.ts';
import { type ConsoleLine, messageOf } from './console-lines.ts';

/** One evaluation of one set. */
export interface PrintedLoss {
  readonly line: number;
  /** As printed: `validation-web`, `valid_web`, `web`; left out for all validation data at once. */
  readonly set: string | undefined;
  /** Left out where the line says `the end of training` instead. */
  readonly iteration: number | undefined;
  readonly loss: number;
  readonly isTest: boolean;
}

export const EVALUATION_LINE = /(?:loss|results) at (?:iteration\s+\d+|the end of training)[^|]*\|.*loss(?: value)?:/i;
/** With the iteration. */
export const TRAINING_LINE = /\biteration\s+(\d+)(?:\s*\[[\s\d]*\])?\/\s*\d+\s*\|/;

/** Where an evaluation begins; ranks that print at once put two on a line. */
const BEGIN = /([^|]*?)\b(?:loss|results) at (?:iteration\s+(\d+)|the end of training)([^|]*)\|/gi;
/** Auxiliary losses come beside the loss of the language model, under other names. */
const LM_LOSS = /(?:^|\|)\s*lm[ _]loss(?: value)?:\s*([^\s|]+)\s*\|/i;
const ONLY_LOSS = /(?:^|\|)\s*loss(?: value)?:\s*([^\s|]+)\s*\|/i;
/** Whatever way a number is printed when it is one. */
const NUMBER = /^[+-]?\d+(?:\.\d*)?(?:E[+-]?\d+)?$/i;

/** Everything at once. */
const WHOLE = /^(?:the )?(?:validation|valid|val|eval|evaluation|test|)$/i;
const PREFIX = /^(?:validation|valid|val|eval|test)[-_/ :]+(?=\S)/i;

/**
 * The evaluations of one line; one that is cut in its number is left out.
 *
 * @throws BimixError `invalid-number`
 */
export function printedLosses({ text, line }: ConsoleLine, file: string): PrintedLoss[] {
  if (!/ at (?:iteration|the end)/i.test(text)) return [];
  const begins = [...text.matchAll(BEGIN)];
  return begins.flatMap((begin, i): PrintedLoss[] => {
    const [whole, head, iteration, ending] = begin;
    const rest = text.slice(begin.index + whole.length, begins[i + 1]?.index);
    const value = (LM_LOSS.exec(rest) ?? ONLY_LOSS.exec(rest))?.[1];
    if (value === undefined) return [];
    const printed = messageOf(head);
    const inBrackets = /\[([^\]]+)\]/.exec(ending)?.[1];
    const set = WHOLE.test(printed) ? inBrackets : printed;
    return [
      {
        line,
        set,
        iteration: iteration === undefined ? undefined : Number(iteration),
        loss: lossOf(value, { file, line }),
        isTest: /^test\b|^test_/i.test(printed) || /\btest\b/i.test(ending),
      },
    ];
  });
}

/** The domain of a set: without `validation-` or `valid_`. */
export function domainOfSet(set: string): string {
  return set.replace(PREFIX, '');
}

function lossOf(text: string, where: { readonly file: string; readonly line: number }): number {
  if (NUMBER.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  throw new BimixError('invalid-number', `invalid number "${text}" for a validation loss`, { where });
}
