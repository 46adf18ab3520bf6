/** From runs to an optimum: simulated runs whose best mixture is known, and the SlimPajama table. */

import { describe, expect, test } from 'vitest';
import { fitLaw } from '../src/fitting/index.ts';
import { importRuns } from '../src/importers/index.ts';
import { bimix, bimixTransfer, type FittedLaw, lossesAtVolume } from '../src/laws/index.ts';
import { makeMixture } from '../src/mixture/index.ts';
import { type RunTable, sameSize, selectRuns } from '../src/observations/index.ts';
import { budgetPath, geometricVolumes, proposeMixture } from '../src/optimize/index.ts';
import { bimixFit, transferFit } from './fitted-laws.ts';
import { randomMixture, randomNumbers } from './random-objective.ts';
import { haveShared, sharedPath } from './shared-data.ts';

const VOLUMES = [1e9, 2e9, 5e9, 10e9, 15e9, 20e9];

/** Runs of random mixtures whose losses are those of `truth`, off by `noise` of each run and a tenth of that of each row. */
function simulate(truth: FittedLaw, runs: number, noise: number, seed: number): RunTable {
  const random = randomNumbers(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const m = truth.trainingDomains.length;
  const k = truth.targets.length;
  const at = VOLUMES.map(volume => lossesAtVolume(truth, volume));
  const mixtures = new Float64Array(runs * m);
  const losses: number[] = [];
  for (let run = 0; run < runs; run++) {
    const shares = randomMixture(m, random).map(share => 0.01 + (1 - 0.01 * m) * share);
    mixtures.set(shares, run * m);
    const offsets = Array.from({ length: k }, () => noise * normal());
    for (const targets of at) {
      targets.forEach(({ loss }, i) => {
        losses.push(loss.value(shares) * Math.exp(offsets[i] + 0.1 * noise * normal()));
      });
    }
  }
  return {
    trainingDomains: truth.trainingDomains,
    evaluationDomains: truth.targets.map(({ target }) => target),
    ownDomain: Int32Array.from(truth.targets, ({ own }) => (own === null ? -1 : truth.trainingDomains.indexOf(own))),
    volumeUnit: 'tokens',
    runs: Array.from({ length: runs }, (_, run) => ({ name: `r${run}` })),
    mixtures,
    rowRun: Int32Array.from({ length: runs * VOLUMES.length }, (_, row) => Math.floor(row / VOLUMES.length)),
    rowVolume: Float64Array.from({ length: runs * VOLUMES.length }, (_, row) => VOLUMES[row % VOLUMES.length]),
    losses: Float64Array.from(losses),
    provenance: { format: 'simulated', inputs: [], version: '0.0.0' },
  };
}

const truths = {
  bimix: bimixFit({
    web: [2.5, 0.08, 0.6, 0.3],
    code: [1.0, 0.2, 0.5, 0.5],
    books: [2.8, 0.06, 0.4, 0.4],
    wiki: [1.8, 0.15, 0.5, 0.45],
  }),
  'bimix-transfer': transferFit(
    ['web', 'code', 'books'],
    [
      {
        ...{ target: 'web', own: 'web', E: 0.8, C: 1.6, alpha: 0.12, B: 0.4, beta: 0.45, rho: 0.6, sigma: 0.8 },
        t: { code: 0.02, books: 0.2 },
      },
      {
        ...{ target: 'code', own: 'code', E: 0.3, C: 0.8, alpha: 0.25, B: 0.4, beta: 0.5, rho: 0.7, sigma: 0.7 },
        t: { web: 0.05, books: 0.01 },
      },
      {
        ...{ target: 'books', own: 'books', E: 0.9, C: 1.7, alpha: 0.1, B: 0.4, beta: 0.5, rho: 0.6, sigma: 0.8 },
        t: { web: 0.3, code: 0.01 },
      },
    ],
  ),
};

describe.each([bimix, bimixTransfer])('the optimum of simulated runs under $name', law => {
  const truth = truths[law.name as keyof typeof truths];
  const volume = { unit: 'tokens', value: 20e9 } as const;
  const best = proposeMixture(truth, { volume });
  const trueObjective = (mixture: Readonly<Record<string, number>>): number =>
    proposeMixture(truth, { volume, reference: { name: 'fitted', mixture: makeMixture(mixture) } }).reference.objective;

  test('is the true one within 0.1 % of the objective at 0.5 % noise', () => {
    const fitted = fitLaw(simulate(truth, 40, 0.005, 1), law);
    const proposal = proposeMixture(fitted, { volume });
    expect(proposal.gap).toBeLessThan(1e-9);
    const found = trueObjective(proposal.mixture);
    expect(found).toBeGreaterThanOrEqual(best.objective - 1e-9);
    expect(found).toBeLessThan(best.objective * 1.001);
  });

  test('is named free where the runs cannot tell: the truth lies in the freedom of most shares', () => {
    const fitted = fitLaw(simulate(truth, 40, 0.002, 2), law);
    const { freedom } = proposeMixture(fitted, { volume });
    const held = Object.entries(best.mixture).filter(
      ([domain, share]) => freedom[domain].from <= share && share <= freedom[domain].to,
    );
    expect(held.length).toBeGreaterThanOrEqual(Object.keys(best.mixture).length - 1);
  });
});

const SLIMPAJAMA = 'data/slimpajama/dmsl_llm_slimpajama.csv';

describe.skipIf(!haveShared('the optimum of the SlimPajama table', SLIMPAJAMA))('the SlimPajama table at 122M', () => {
  const volume = { unit: 'tokens', value: 20e9 } as const;

  test('has an optimum below the best of its 60 runs, certified by either law', async () => {
    const { table } = await importRuns([sharedPath(SLIMPAJAMA)], {});
    const small = selectRuns(table, run => sameSize(table.runs[run].size ?? 0, 122e6));
    for (const law of [bimix, bimixTransfer]) {
      const fitted = fitLaw(small, law);
      const proposal = proposeMixture(fitted, { volume });
      const runMeans = fitted.covered.lastLosses.map(
        losses => losses.reduce((sum: number, loss) => sum + (loss ?? 9), 0) / 7,
      );
      expect(proposal.gap).toBeLessThan(1e-9);
      expect(proposal.objective).toBeLessThan(Math.min(...runMeans));
      expect(proposal.objective).toBeGreaterThan(Math.min(...runMeans) - 0.05);
      for (const { gap } of budgetPath(fitted, 'tokens', geometricVolumes(1e9, 1e12, 7)).points) {
        expect(gap).toBeLessThan(1e-9);
      }
    }
  });
});
