/**
 * The estimators on sources whose entropies are known: the table of docs/entropy.md, and its claims. Each row is 100 corpora of
 * documents of 100 tokens, dealt to 20 groups.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type EntropyEstimate,
  ESTIMATORS,
  entropyMixture,
  measureEntropies,
  rankDomains,
  TOKEN_ENTROPIES,
  type TokenEntropy,
} from '../src/entropy/index.ts';
import {
  markovSource,
  simulateCounts,
  simulateTopicCounts,
  type TokenSource,
  topicSource,
  uniformSource,
  zipfSource,
} from './simulated-sources.ts';

const SEEDS = 100;
const LENGTH = 100;
const GROUPS = 20;
/** Below this part seen the intervals are said to miss at times. */
const MIN_COVERAGE = 0.5;

const page = readFileSync(path.resolve(import.meta.dirname, '../docs/entropy.md'), 'utf8');

interface Result {
  readonly bias: number;
  /** Seeds whose interval holds the truth. */
  readonly inside: number;
}

interface Trial {
  readonly coverage: Readonly<Record<TokenEntropy, number>>;
  readonly results: Readonly<Record<TokenEntropy, Readonly<Record<string, Result>>>>;
}

function simulate(source: TokenSource, documents: number): Trial {
  const coverage = { shannon: 0, joint: 0, conditional: 0 };
  const results = { shannon: zeros(), joint: zeros(), conditional: zeros() };
  for (let seed = 0; seed < SEEDS; seed++) {
    const measured = measureEntropies('x', simulateCounts(source, documents, LENGTH, GROUPS, seed));
    for (const entropy of TOKEN_ENTROPIES) {
      coverage[entropy] += measured.coverage[entropy === 'shannon' ? 'unigrams' : 'bigrams'] / SEEDS;
      const truth = source.entropies[entropy];
      for (const { name } of ESTIMATORS) {
        const { estimate, interval } = measured.estimators[name][entropy];
        const result = results[entropy][name];
        result.bias += (estimate - truth) / SEEDS;
        if (interval !== null && interval.lower <= truth && truth <= interval.upper) result.inside++;
      }
    }
  }
  return { coverage, results };
}

function zeros(): Record<string, { bias: number; inside: number }> {
  return Object.fromEntries(ESTIMATORS.map(({ name }) => [name, { bias: 0, inside: 0 }]));
}

function tableRow(title: string, entropy: TokenEntropy, tokens: number, { coverage, results }: Trial): string {
  const biases = ESTIMATORS.map(({ name }) => signed(results[entropy][name].bias));
  const inside = ESTIMATORS.map(({ name }) => results[entropy][name].inside);
  const cells = [title, entropy, tokens, `${Math.round(100 * coverage[entropy])} %`, ...biases, inside.join(', ')];
  return `| ${cells.join(' | ')} |`;
}

function expectOnPage(row: string): void {
  expect(page.includes(`${row}\n`), `docs/entropy.md should have: ${row}`).toBe(true);
}

function signed(value: number): string {
  const text = value.toFixed(3);
  return Number(text) === 0 ? '0.000' : value > 0 ? `+${text}` : text;
}

const TRIALS: readonly {
  readonly title: string;
  readonly source: TokenSource;
  readonly documents: readonly number[];
  readonly printed: readonly TokenEntropy[];
}[] = [
  { title: 'uniform, 50 tokens', source: uniformSource(50), documents: [20, 200], printed: ['conditional'] },
  { title: 'Zipf, 100 tokens', source: zipfSource(100), documents: [20, 200], printed: ['conditional'] },
  { title: 'Zipf, 1000 tokens', source: zipfSource(1000), documents: [20, 200], printed: ['shannon', 'conditional'] },
  { title: 'Markov, 50 tokens', source: markovSource(50, 8, 1), documents: [20, 200], printed: ['conditional'] },
  { title: 'Markov, 200 tokens', source: markovSource(200, 8, 1), documents: [20, 200], printed: ['conditional'] },
];

describe.each(TRIALS)('$title', ({ title, source, documents, printed }) => {
  test.each(documents)(
    'in %i documents: the truth is inside the corrected intervals, and the page says so',
    count => {
      const trial = simulate(source, count);
      for (const entropy of TOKEN_ENTROPIES) {
        if (trial.coverage[entropy] < MIN_COVERAGE) continue;
        for (const { name, isCorrected } of ESTIMATORS) {
          const { bias, inside } = trial.results[entropy][name];
          if (isCorrected) expect(inside, `${entropy} ${name}`).toBeGreaterThanOrEqual(90);
          else expect(bias).toBeLessThan(0);
        }
      }
      for (const entropy of printed) expectOnPage(tableRow(title, entropy, count * LENGTH, trial));
    },
    600_000,
  );
});

test('in documents about topics, whose words repeat, the truth is inside the corrected intervals too', () => {
  const source = topicSource(2000, 500, 40, 1);
  const inside = zeros();
  for (let seed = 0; seed < SEEDS; seed++) {
    const { estimators } = measureEntropies('x', simulateTopicCounts(source, 100, LENGTH, GROUPS, seed));
    for (const { name } of ESTIMATORS) {
      const { estimate, interval } = estimators[name].shannon;
      inside[name].bias += (estimate - source.shannon) / SEEDS;
      if (interval !== null && interval.lower <= source.shannon && source.shannon <= interval.upper)
        inside[name].inside++;
    }
  }
  expect(inside['plug-in'].inside).toBeLessThan(10);
  for (const { name } of ESTIMATORS.slice(1)) expect(inside[name].inside, name).toBeGreaterThanOrEqual(90);
}, 600_000);

test('one source counted twice, little and much, gets the shares that the page says', () => {
  const source = zipfSource(400);
  const measured = {
    little: measureEntropies('little', simulateCounts(source, 200, 50, GROUPS, 1)),
    much: measureEntropies('much', simulateCounts(source, 20000, 50, GROUPS, 2)),
  };
  const { equalSize, isSettled } = rankDomains(measured, 'conditional');
  const atEqualSize = { little: equalSize.entropies.little ?? 0, much: equalSize.entropies.much ?? 0 };
  const estimates = (name: string): { little: EntropyEstimate; much: EntropyEstimate } => ({
    little: measured.little.estimators[name].conditional,
    much: measured.much.estimators[name].conditional,
  });
  const plugIn = estimates('plug-in');
  const best = estimates('chao-wang-jost');
  const share = (little: number, much: number): string =>
    `${Math.round(100 * entropyMixture({ little, much }).proportions[1])} %`;
  const withInterval = ({ estimate, interval }: EntropyEstimate): string =>
    `${estimate.toFixed(3)} (${interval?.lower.toFixed(3)} to ${interval?.upper.toFixed(3)})`;
  const rows = [
    [
      'plug-in',
      plugIn.little.estimate.toFixed(3),
      plugIn.much.estimate.toFixed(3),
      share(plugIn.little.estimate, plugIn.much.estimate),
    ],
    [
      'Chao-Wang-Jost',
      withInterval(best.little),
      withInterval(best.much),
      share(best.little.estimate, best.much.estimate),
    ],
    [
      'plug-in at equal size',
      atEqualSize.little.toFixed(3),
      atEqualSize.much.toFixed(3),
      share(atEqualSize.little, atEqualSize.much),
    ],
  ];
  expect(isSettled).toBe(false);
  expect(page).toContain(`conditional entropy ${source.entropies.conditional.toFixed(3)}`);
  for (const row of rows) expectOnPage(`| ${row.join(' | ')} |`);
});
