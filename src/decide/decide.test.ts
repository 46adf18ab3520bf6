import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { BimixError } from '../errors/index.ts';
import { gaussianProcess, lossesAtVolume } from '../laws/index.ts';
import { assembleRuns, parseRuns, selectRuns } from '../observations/index.ts';
import { proposeMixture } from '../optimize/index.ts';
import { decide } from './decide.ts';
import { changesInWords, decisionInWords, gainInWords, insteadInWords } from './decision-in-words.ts';

const meanLoss = (shares: Float64Array): number => {
  const losses = lossesAtVolume(TRUE_TRANSFER, 20e9).map(({ loss }) => loss.value(shares));
  return losses.reduce((sum, loss) => sum + loss / losses.length, 0);
};

describe('of 30 simulated runs with little noise', async () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 30, runNoise: 0.001, rowNoise: 0.001 });
  const even = table.trainingDomains.map(() => 1 / table.trainingDomains.length);
  const asked = { volume: { unit: 'tokens', value: 20e9 } } as const;
  const targets = table.evaluationDomains;
  const decision = await decide(table, { asked, targets });
  const shares = Float64Array.from(table.trainingDomains, domain => decision.proposal.mixture[domain]);

  test('the best law on held-out runs decides', () => {
    expect(decision.fitted.law).toBe('bimix-transfer');
    expect(decision.comparison.recommendation.optimize?.law).toBe('bimix-transfer');
  });

  test('its mixture is as good as that of the true law, within 0.1 % of the loss', () => {
    const best = proposeMixture(TRUE_TRANSFER, asked);
    const optimum = Float64Array.from(table.trainingDomains, domain => best.mixture[domain]);
    expect(meanLoss(shares) / meanLoss(optimum) - 1).toBeLessThan(1e-3);
  });

  test('the gain that it says is the true one, within its interval', () => {
    const runs = table.runs.length;
    const m = even.length;
    const mean = Float64Array.from(even, (_, j) => {
      let sum = 0;
      for (let run = 0; run < runs; run++) sum += table.mixtures[run * m + j];
      return sum / runs;
    });
    const truth = meanLoss(shares) / meanLoss(mean) - 1;
    expect(truth).toBeGreaterThan(decision.overReference.from);
    expect(truth).toBeLessThan(decision.overReference.to);
  });

  test('the alternative is the best run, or the reference where one is given', async () => {
    expect(decision.alternative.over).toMatch(/^the best run \(r\d+\)$/);
    const mixture = { domains: table.trainingDomains, proportions: Float64Array.from(even) };
    const given = await decide(table, {
      asked: { ...asked, reference: { name: 'v1', mixture } },
      targets,
      comparison: decision.comparison,
    });
    expect(given.alternative).toBe(given.overReference);
    expect(given.alternative.over).toBe('v1');
  });

  test('the limit that costs most costs what the objective loses by it', async () => {
    const domain = table.trainingDomains.reduce((a, b) =>
      decision.proposal.mixture[b] > decision.proposal.mixture[a] ? b : a,
    );
    const half = decision.proposal.mixture[domain] / 2;
    const bounds = { [domain]: { upper: half } };
    const { limit, proposal } = await decide(table, {
      asked: { ...asked, bounds },
      targets,
      comparison: decision.comparison,
    });
    expect(limit?.limit).toMatch(new RegExp(`^the share of ${domain}, at most `));
    expect(limit?.cost).toBeCloseTo(1 - decision.proposal.objective / proposal.objective, 9);
  });

  test('the same runs give the same decision', async () => {
    const again = await decide(table, { asked, targets });
    expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
  });
});

test('noisy runs carry no decision, and the words say what to do', async () => {
  const lines = readFileSync(new URL('../../examples/quickstart/runs.jsonl', import.meta.url), 'utf8').split('\n');
  const { table } = assembleRuns(parseRuns(lines), {
    provenance: { format: 'bimix-runs', inputs: [], version: '0.0.0' },
  });
  const decision = await decide(table);
  expect(decision.confidence.level).toBe('low');
  expect(decisionInWords(decision)).toMatch(
    /^These runs carry no decision yet\. The gain over the best run \(dirichlet-6\), 0\.2\d %, is within the noise/,
  );
  expect(insteadInWords(decision)).toMatch(
    /^Make the next runs first \(bimix next lists them\), then decide again\. Until then the best run \(/,
  );
  expect(changesInWords(decision).at(-1)).toMatch(/^The 2 runs to make next are expected to lower/);
});

test('where the best run has a mixture worse than the mean of the runs, that mean is what has to be beaten', async () => {
  // The last of four runs at the worst mixture has luck, and measures the lowest loss.
  const runs = 20;
  const table = simulateTable(TRUE_TRANSFER, {
    ...{ runs, runNoise: 0.001, rowNoise: 0.001 },
    mixtureOf: run => (run >= runs - 4 ? [0.9, 0.05, 0.05] : [0.3 + 0.015 * run, 0.4 - 0.01 * run, 0.3 - 0.005 * run]),
    bend: (_, run) => (run === runs - 1 ? -0.2 : 0),
  });
  const { proposal, overBestRun, alternative } = await decide(table, {
    asked: { volume: { unit: 'tokens', value: 20e9 } },
  });
  expect(proposal.bestRun?.name).toBe('r019');
  expect(overBestRun?.change).toBeLessThan(alternative.change);
  expect(alternative.over).toBe('the mean of the runs');
});

test('laws without a convex one among them are refused, not decided by', async () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 12, rowNoise: 0.001 });
  await expect(decide(table, { laws: [gaussianProcess] })).rejects.toThrow(
    /^missing law to optimize with: none of the laws to choose from is convex/,
  );
});

test('a loss that another law cannot reach costs its opinion, not the decision', async () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 30, runNoise: 0.001, rowNoise: 0.001 });
  const asked = { volume: { unit: 'tokens', value: 20e9 } } as const;
  const free = await decide(table, { asked });
  const [target, loss] = Object.entries(free.proposal.losses)[0];
  const lowest = proposeMixture(free.fitted, { ...asked, weights: { [target]: 1 } }).losses[target];
  const targets = { [target]: Math.min(loss, lowest * 1.0005) };
  const decision = await decide(table, { asked: { ...asked, targets }, comparison: free.comparison });
  expect(decision.proposal.losses[target]).toBeLessThan(targets[target] * (1 + 1e-6));
});

test('fewer than four different mixtures are refused, with the way out', async () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 8 });
  const few = selectRuns(table, run => run < 3);
  await expect(decide(few)).rejects.toThrow(BimixError);
  await expect(decide(few)).rejects.toThrow(/^missing runs: 3 different mixtures, at least 4/);
});

test('a gain is said with its interval the way it goes', () => {
  const gain = { over: 'v1', change: -0.012, from: -0.02, to: -0.004, probability: 0.99 };
  expect(gainInWords(gain)).toBe('1.20 % (90 % interval 0.40 % to 2.00 %) below v1');
  expect(gainInWords({ ...gain, change: 0.001, from: -0.002, to: 0.004 })).toBe(
    '0.10 % (90 % interval -0.20 % to 0.40 %) above v1',
  );
});
