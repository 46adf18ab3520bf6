/** A decision in the words that the terminal, the report and the quickstart share. */

import { formatQuantity } from '../mixture/index.ts';
import type { Decision, Gain } from './decision.ts';

/** `Use this mixture: ...` or why these runs carry no decision; one or two sentences. */
export function decisionInWords(decision: Decision): string {
  const { confidence, proposal, overBestRun, overReference } = decision;
  const { level, against, because } = confidence;
  if (against.length > 0) return `These runs carry no decision yet. ${against.join(' ')}`;
  const at =
    proposal.volume.value === null ? '' : ` at ${formatQuantity(proposal.volume.value)} ${proposal.volume.unit}`;
  const gains = [...(overBestRun === null ? [] : [overBestRun]), overReference].map(gainInWords);
  return `Use this mixture: expect a mean loss${at} ${gains.join(', and ')}. Confidence is ${level}: ${because.join('; ')}.`;
}

/** `0.43 % (90 % interval 0.1 % to 0.8 %) below the best run, 049`. */
export function gainInWords({ over, change, from, to }: Gain): string {
  const side = change < 0 ? 'below' : 'above';
  const end = (value: number): string => percent(change < 0 ? -value : value);
  return `${percent(Math.abs(change))} (90 % interval ${end(change < 0 ? to : from)} to ${end(change < 0 ? from : to)}) ${side} ${over}`;
}

/** What to do while the runs carry no decision; empty where they do. */
export function insteadInWords({ confidence, proposal, alternative, next, nextIsWorthwhile }: Decision): string {
  if (confidence.against.length === 0) return '';
  const { bestRun } = proposal;
  const until = `Until then ${alternative.over} is as good a choice as the mixture below.`;
  if (next !== null && nextIsWorthwhile)
    return `Make the next runs first (bimix next lists them), then decide again. ${until}`;
  const seeds = bestRun === null ? 'the mixture below' : `the mixture below and that of ${bestRun.name}`;
  return `More mixtures would not settle it; longer runs, or second seeds of ${seeds}, would. ${until}`;
}

/** What would change the decision: one sentence each for the limit, the domain and the runs. */
export function changesInWords({ limit, keyDomain, next, nextIsWorthwhile, alternative }: Decision): string[] {
  const sentences: string[] = [];
  if (limit !== null) {
    sentences.push(
      `The limit that costs most: ${limit.limit}. Without it the mean loss would be ${percent(limit.cost)} lower.`,
    );
  }
  if (keyDomain !== null) {
    const { domain, share, otherShare, cost } = keyDomain;
    sentences.push(
      `The domain that matters most: ${domain}. With ${percent(otherShare, 1)} of the tokens, as in ${alternative.over}, in place of ${percent(share, 1)}, the mean loss would be ${percent(cost)} higher.`,
    );
  }
  if (next === null) sentences.push('The limits leave no other mixture to run.');
  else if (nextIsWorthwhile) {
    const sum = next.runs.reduce((total, { regretReduction }) => total + regretReduction, 0);
    sentences.push(
      `The ${next.runs.length === 1 ? 'run' : `${next.runs.length} runs`} to make next are expected to lower the mean loss of the mixture decided on by ${percent(sum)}.`,
    );
  } else {
    sentences.push(
      `No run is worth its compute: the best ${next.runs.length} are expected to bring less than two seeds of one mixture differ by (${percent(next.seedSd)}).`,
    );
  }
  return sentences;
}

function percent(fraction: number, digits = 2): string {
  const text = (100 * fraction).toFixed(digits);
  return `${Number(text) === 0 ? text.replace('-', '') : text} %`;
}
