/** What a quickstart came to, for the terminal. */

import { rankingInWords, type Verification } from '../evidence/index.ts';
import { decimal, percent } from './number-text.ts';
import { heading } from './print.ts';
import { type QuickstartSettings, TRIALS } from './quickstart-steps.ts';
import { textTable } from './text-table.ts';

export interface QuickstartResult {
  /** As `bimix evaluate --json` prints it. */
  readonly evidence: { readonly laws: readonly { readonly law: string; readonly mean: { readonly mre: number } }[] };
  readonly verification: Verification;
}

export function describeQuickstart({ domains }: QuickstartSettings, result: QuickstartResult): string[] {
  const { evidence, verification } = result;
  const trials = TRIALS.flatMap(name => verification.runs.filter(({ run }) => run === name));
  const fit = evidence.laws.find(({ law }) => law === verification.law);
  return [
    heading('Shares of tokens'),
    textTable(
      ['domain', ...TRIALS.map(name => `>${name}`)],
      domains.map(domain => [domain, ...trials.map(({ mixture }) => percent(mixture[domain], 1))]),
    ),
    heading('Did the predictions come true?'),
    textTable(
      ['trained mixture', '>predicted mean loss', '>90 % interval', '>observed', '>MRE'],
      trials.map(({ run, mean, mre }) => [
        run,
        decimal(mean?.predicted),
        `${decimal(mean?.lower)} to ${decimal(mean?.upper)}`,
        decimal(mean?.observed),
        percent(mre, 2),
      ]),
    ),
    verification.ranking === null ? '' : rankingInWords(verification.ranking),
    `${verification.law}, fitted on ${verification.fittedOn} proxy runs, was off by ${percent(verification.mre, 2)} on average (MRE) over the losses of these ${verification.runs.length} runs, which it had not seen${fit === undefined ? '' : `, and by ${percent(fit.mean.mre, 2)} over proxy runs held out`}. Losses are nats per token; a token is a byte.`,
  ];
}
