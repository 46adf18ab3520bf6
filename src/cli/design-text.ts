/** A plan of runs from scratch, for humans and for machines. */

import type { DesignProblem, DomainIdentification, ExpectedError, RunDesign } from '../design/index.ts';
import { bimixTransfer } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { decimal, listOf, percent } from './number-text.ts';
import { heading, warningText } from './print.ts';
import { textTable } from './text-table.ts';

/** Longer lists end in a count. */
const NAMED = 5;

export function designJson(
  { domains, seed }: DesignProblem,
  { method, runs, mixtures, identification, warnings }: RunDesign,
  noise: number,
  tokens: number | undefined,
): object {
  return {
    method: method.name,
    seed,
    tokens: tokens ?? null,
    runs: runs.map(run => ({
      run: run.name,
      mixture: Object.fromEntries(domains.map((domain, j) => [domain, run.shares[j]])),
      seed: run.seed,
    })),
    mixtures,
    identification: {
      law: bimixTransfer.name,
      noise,
      domains: Object.fromEntries(identification.map(({ domain, ...told }) => [domain, told])),
    },
    warnings,
  };
}

export function describeDesign(
  { domains }: DesignProblem,
  design: RunDesign,
  noise: number,
  tokens: number | undefined,
): string[] {
  const { method, runs, mixtures, identification, warnings } = design;
  const each = tokens === undefined ? '' : `, ${formatQuantity(tokens)} tokens each`;
  return [
    `${heading(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'} by ${method.name}: ${method.title}`)}\n${mixtures} different ${mixtures === 1 ? 'mixture' : 'mixtures'} of ${domains.length} domains${each}. Nothing is trained yet.`,
    `Shares of tokens:\n${sharesTable(domains, design)}`,
    `${heading('What these runs will show')}\nStandard errors expected of ${bimixTransfer.name}, by the law's slopes at typical coefficients, its priors and a noise of ${percent(noise)} of the loss a run. Help is t, what a token of another domain is worth beside one's own: its typical error as a factor either way, and how many are known within a factor e. Predictions: of the loss, root mean square over mixtures that fill what is allowed, as far as the coefficients go.`,
    identificationTable(identification),
    openText(identification),
    warningText(warnings),
  ];
}

/** Tokens that each run may draw from, and why so few. */
export function repetitionText(drawnFrom: Readonly<Record<string, number>>, tokens: number, budget: number): string {
  const parts = Object.entries(drawnFrom).map(([domain, count]) => `${domain} ${formatQuantity(count)}`);
  const part = `${formatQuantity(tokens)} of ${formatQuantity(budget)}`;
  return `${heading('Repetition matched')}\nA run trains on ${part} tokens, so it draws from the same part of the tokens available, and repeats data as often as that training will: ${listOf(parts)} tokens.`;
}

function sharesTable(domains: readonly string[], { runs }: RunDesign): string {
  return textTable(
    ['run', ...domains.map(domain => `>${domain}`), '>seed'],
    runs.map(({ name, shares, seed }) => [name, ...Array.from(shares, share => percent(share, 1)), String(seed)]),
  );
}

function identificationTable(identification: readonly DomainIdentification[]): string {
  return textTable(
    ['loss of', '>its share in the runs', '>alpha', '>help of others', '>known', '>predictions', 'at its prior'],
    identification.map(({ domain, shares: [least, largest], coefficients, predictionError }) => {
      const alpha = coefficients.filter(({ coefficient }) => coefficient === 'alpha');
      const help = coefficients.filter(isHelp);
      return [
        domain,
        least === largest ? percent(least, 1) : `${percent(least, 1)} to ${percent(largest, 1)}`,
        ...alpha.map(({ value, expected }) => `${decimal(value, 2)} ± ${decimal(expected, 3)}`),
        `×/÷ ${factorText(help)}`,
        `${help.filter(({ state }) => state === 'known').length} of ${help.length}`,
        `± ${percent(predictionError)}`,
        shortList(coefficients.filter(({ state }) => state === 'prior').map(({ coefficient }) => coefficient)),
      ];
    }),
  );
}

/** The median error of the coefficients, as a factor. */
function factorText(help: readonly ExpectedError[]): string {
  const sorted = help.map(({ expected }) => expected).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return String(Number(Math.exp(median).toPrecision(2)));
}

function openText(identification: readonly DomainIdentification[]): string {
  const count = (of: (error: ExpectedError) => boolean, state?: ExpectedError['state']): number =>
    identification
      .flatMap(({ coefficients }) => coefficients)
      .filter(error => of(error) && (state === undefined || error.state === state)).length;
  const isAlpha = ({ coefficient }: ExpectedError): boolean => coefficient === 'alpha';
  return `Known: ${count(isAlpha, 'known')} of ${count(isAlpha)} alpha and ${count(isHelp, 'known')} of ${count(isHelp)} t; at their prior, whatever is trained: ${count(isAlpha, 'prior')} alpha and ${count(isHelp, 'prior')} t. How fast losses fall with tokens shows in checkpoints, not in mixtures, and is left out.`;
}

function isHelp({ coefficient }: ExpectedError): boolean {
  return coefficient.startsWith('t.');
}

function shortList(names: readonly string[]): string {
  if (names.length === 0) return '-';
  if (names.length <= NAMED) return listOf(names);
  return `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;
}
