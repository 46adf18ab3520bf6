/** A decision on one screen, and as JSON. */

import pc from 'picocolors';
import { changesInWords, type Decision, decisionInWords, gainInWords, insteadInWords } from '../decide/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { describeVolume } from './law-argument.ts';
import { percent, significant } from './number-text.ts';
import { closingWarnings, heading, leadingWarnings } from './print.ts';
import { textTable } from './text-table.ts';

/** The sentence or the table of shares says it already. */
const SAID: ReadonlySet<string> = new Set(['flat-optimum', 'outside-runs', 'below-seen', 'far-from-runs']);

/** Paragraphs. @param from the runs at hand, in words */
export function decisionText(decision: Decision, from: string): string[] {
  const { fitted, proposal, comparison, confidence, opinions } = decision;
  const at = describeVolume(fitted, proposal.volume.value ?? fitted.volume.scale);
  const law = comparison.laws.find(({ law: name }) => name === fitted.law);
  const baseline = comparison.laws.find(({ kind }) => kind === 'baseline');
  const tested =
    law === undefined || baseline === undefined
      ? ''
      : ` On whole runs held out it is ${percent(law.mean.mre)} off (mean relative error of a loss); the better naive baseline, "${baseline.law}", is ${percent(baseline.mean.mre)} off.`;
  const carried = confidence.against.length === 0;
  return [
    `${heading(`Decision for ${at}`)}${leadingWarnings(proposal.warnings)}\n${(carried ? pc.green : pc.yellow)(decisionInWords(decision))}`,
    carried ? '' : `${insteadInWords(decision)} The law expects a mean loss ${gainInWords(decision.alternative)}.`,
    `By ${fitted.law}, from ${from}.${tested}${opinionText(opinions)}`,
    sharesTable(decision),
    `${heading('What would change it')}\n${changesInWords(decision)
      .map(sentence => `- ${sentence}`)
      .join('\n')}`,
    nextTable(decision),
    closingWarnings(proposal.warnings.filter(({ code }) => !SAID.has(code))),
  ];
}

function opinionText(opinions: Decision['opinions']): string {
  if (opinions.length === 0) return '';
  const said = opinions.map(
    ({ law, change }) => `${law} ${percent(Math.abs(change))} ${change < 0 ? 'lower' : 'higher'}`,
  );
  return ` That change of the mean loss by the other laws that beat the baselines: ${said.join(', ')}.`;
}

function sharesTable({ fitted, proposal }: Decision): string {
  const { mixture, freedom, bestRun, reference, tokens, epochs } = proposal;
  const epochsKnown = Object.values(epochs).some(value => value !== null);
  const rows = [...fitted.trainingDomains]
    .sort((a, b) => mixture[b] - mixture[a])
    .map(domain => [
      domain,
      percent(mixture[domain], 1),
      `${percent(freedom[domain].from, 1)} to ${percent(freedom[domain].to, 1)}`,
      ...(bestRun === null ? [] : [percent(bestRun.mixture[domain], 1)]),
      percent(reference.mixture[domain], 1),
      ...(tokens === null ? [] : [formatQuantity(tokens[domain])]),
      ...(epochsKnown ? [significant(epochs[domain], 3)] : []),
    ]);
  return textTable(
    [
      ...['domain', '>share of tokens', '>within +0.1 % of the loss'],
      ...(bestRun === null ? [] : [`>best run (${bestRun.name})`]),
      `>${reference.name}`,
      ...(tokens === null ? [] : ['>tokens']),
      ...(epochsKnown ? ['>epochs'] : []),
    ],
    rows,
  );
}

/** The mixtures to run next, where they are worth it. */
function nextTable({ fitted, next, nextIsWorthwhile }: Decision): string {
  if (next === null || !nextIsWorthwhile) return '';
  return textTable(
    ['run next, shares of tokens', ...next.runs.map((_, i) => `>next-${i + 1}`)],
    fitted.trainingDomains.map((domain, j) => [
      domain,
      ...next.runs.map(({ candidate }) => percent(candidate.shares[j], 1)),
    ]),
  );
}

/** For machines: all numbers, and the sentences. Changes and errors are fractions, losses in the unit of the objective. */
export function decisionJson(decision: Decision, files: Readonly<Record<string, string>>): object {
  const { comparison, fitted, proposal, next, kind, schemaVersion, version, ...rest } = decision;
  const shares = (values: ArrayLike<number>): object =>
    Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, values[j]]));
  return {
    ...{ kind, schemaVersion, version },
    decision: decisionInWords(decision),
    instead: insteadInWords(decision) || null,
    wouldChange: changesInWords(decision),
    carries: decision.confidence.against.length === 0,
    ...rest,
    law: fitted.law,
    heldOut: Object.fromEntries(
      comparison.laws.map(({ law, mean }) => [law, { mre: mean.mre, spearman: mean.spearman }]),
    ),
    proposal,
    next:
      next === null
        ? null
        : next.runs.map(({ candidate, expected, regretReduction }) => ({
            mixture: shares(candidate.shares),
            loss: expected,
            regretReduction,
          })),
    files,
  };
}
