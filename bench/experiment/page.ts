/** The experiment as a page of Markdown: figures alone, for every choice, whoever wins. */

import type { Verification } from '../../src/evidence/index.ts';
import { CHOICES, REFERENCE } from './choices.ts';
import { type DatasetResult, MAX_EPOCHS } from './dataset.ts';
import { type Outcome, outcomes } from './outcomes.ts';
import type { Scale } from './scales.ts';

export interface PageFacts {
  readonly version: string;
  readonly node: string;
  readonly command: string;
}

export function experimentPage(scale: Scale, datasets: readonly DatasetResult[], facts: PageFacts): string {
  const { proxies, finals } = scale;
  return [
    `# Experiment, scale ${scale.name}: which way of choosing a mixture is best?`,
    `Made by \`${facts.command}\` with bimix ${facts.version}, Node ${facts.node}. Mixtures are chosen from ${proxies.runs} proxy runs of ${millions(proxies.tokens)} tokens with the model \`${proxies.model}\`, the same runs for every law; then ${finals.seeds} runs of ${millions(finals.tokens)} tokens with the model \`${finals.model}\` are trained at each. Tokens are bytes, losses are nats per byte on validation text, weights are shares of tokens. No domain may be read more than ${MAX_EPOCHS} times.`,
    choicesTable(),
    ...datasets.flatMap(dataset => datasetParts(dataset, scale)),
  ].join('\n\n');
}

function choicesTable(): string {
  return table(
    ['choice', 'how'],
    CHOICES.map(({ name, how }) => [`\`${name}\``, how]),
  );
}

function datasetParts(dataset: DatasetResult, { finals, proxies: planned }: Scale): string[] {
  const { group, available, proxies } = dataset;
  const names = CHOICES.map(({ name }) => name);
  const results = outcomes(dataset.finals, names, REFERENCE);
  const domains = Object.keys(available);
  const missing = planned.runs - proxies.runs.length;
  const best = [...results].sort((a, b) => a.loss - b.loss)[0];
  return [
    `## ${group}`,
    `${domains.length} domains, ${millions(Object.values(available).reduce((a, b) => a + b, 0))} bytes of training text; laws fitted on ${proxies.runs.length} proxy runs${missing === 0 ? '' : ` (${missing} more counted as diverged)`}. Lowest mean loss: \`${best.choice}\`.`,
    '### Final losses',
    `Mean over the ${domains.length} domains at the end, then over seeds, with 95 % intervals from the scatter between seeds (pooled over choices). *Gain* is uniform's loss minus the choice's, seed by seed. *Speed-up* is ${millions(finals.tokens)} tokens over those at which the mean curve reached uniform's last loss.`,
    table(
      ['choice', 'runs', 'mean loss', 'gain on uniform', 'speed-up'],
      results.map(result => [
        `\`${result.choice}\``,
        String(result.runs),
        `${result.loss.toFixed(4)} ± ${result.margin.toFixed(4)}`,
        result.gain === null ? '' : `${signed(result.gain.mean)} ± ${result.gain.margin.toFixed(4)}`,
        result.speedUp === null ? 'not reached' : result.speedUp.toFixed(2),
      ]),
    ),
    '### By domain',
    table(
      ['choice', ...domains],
      results.map(({ choice, losses }) => [`\`${choice}\``, ...domains.map(domain => losses[domain].toFixed(3))]),
    ),
    '### Shares of tokens, %',
    table(
      ['choice', ...domains],
      names.map(name => [`\`${name}\``, ...domains.map(domain => (100 * dataset.mixtures[name][domain]).toFixed(1))]),
    ),
    '### What each law had said',
    'At the size of the proxies: the chosen mixtures trained once more as proxies, and the law asked for their losses. *MRE* is over all of them, *at its own optimum* how far that run ended from the prediction (positive: worse). *Gain said* is the gain on uniform that the law predicted for its own choice at that size, *gain seen* what the final runs gained, both in percent of uniform.',
    predictionTable(dataset, results),
  ];
}

function predictionTable({ verified }: DatasetResult, results: readonly Outcome[]): string {
  const reference = results.find(({ choice }) => choice === REFERENCE) as Outcome;
  return table(
    ['law', 'MRE %', 'at its own optimum %', 'intervals hold %', 'rank correlation', 'gain said %', 'gain seen %'],
    CHOICES.flatMap(({ name, law }) => {
      if (law === undefined) return [];
      const { mre, runs, interval, spearman } = verified[law] as Verification;
      const meanOf = (run: string) => runs.find(other => other.run === run)?.mean;
      const own = meanOf(name);
      const basis = meanOf(REFERENCE);
      const seen = results.find(({ choice }) => choice === name)?.gain?.mean ?? Number.NaN;
      return [
        [
          `\`${law}\``,
          percent(mre),
          own ? signedPercent(own.observed / own.predicted - 1) : '',
          interval === null ? '' : (100 * interval.coverage).toFixed(0),
          spearman === null ? '' : spearman.toFixed(2),
          own && basis ? signedPercent(1 - own.predicted / basis.predicted) : '',
          signedPercent(seen / reference.loss),
        ],
      ];
    }),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function millions(count: number): string {
  return `${Number((count / 1e6).toPrecision(3))} M`;
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(2);
}

function signedPercent(fraction: number): string {
  return `${fraction < 0 ? '' : '+'}${percent(fraction)}`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
