/** What a report is made from, simulated: runs from a known law, the fit, its evidence, an optimum and a path. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { evaluate, lawForecaster, meanBaseline, nearestBaseline, verifyLaw } from '../src/evidence/index.ts';
import { fitLaw } from '../src/fitting/index.ts';
import { bimix, type FittedLaw, findLaw, predictLosses } from '../src/laws/index.ts';
import { assembleRuns, type RunTable, splitRuns } from '../src/observations/index.ts';
import { budgetPath, geometricVolumes, paretoFront, proposeMixture } from '../src/optimize/index.ts';
import type { ReportInput } from '../src/report/index.ts';

export interface SimulatedTableOptions {
  readonly domains: readonly string[];
  readonly runs: number;
  /** Tokens at each checkpoint; none for one checkpoint of unknown volume. */
  readonly volumes?: readonly number[];
}

/** L_j = r_j^-alpha_j (C_j + 0.3 x^-0.5) with 0.5 % noise; every domain is evaluated. */
export function simulatedTable({ domains, runs, volumes = [] }: SimulatedTableOptions): RunTable {
  const random = xoroshiro128plus(7);
  const uniform = (): number => uniformFloat64(random);
  const laws = domains.map(() => ({ alpha: 0.03 + 0.2 * uniform(), c: 1 + 2 * uniform() }));
  const rows = Array.from({ length: runs }, (_, run) => {
    const weights = domains.map(() => 0.05 - Math.log(1 - uniform()));
    const sum = weights.reduce((a, b) => a + b, 0);
    const mixture = weights.map(weight => weight / sum);
    return (volumes.length === 0 ? [undefined] : volumes).map(volume => {
      const reducible = volume === undefined ? 0 : 0.3 * (volume / 10e9) ** -0.5;
      const losses = laws.map(
        ({ alpha, c }, j) => mixture[j] ** -alpha * (c + reducible) * (1 + 0.01 * (uniform() - 0.5)),
      );
      return {
        run: `run${String(run).padStart(4, '0')}`,
        size: 1e8,
        mixture,
        ...(volume === undefined ? {} : { volume }),
        losses,
        where: {},
      };
    });
  }).flat();
  const provenance = {
    format: 'long',
    inputs: [{ file: 'runs.csv', sha256: '0'.repeat(64), bytes: 12345 }],
    version: '0.1.0',
  };
  const draft = {
    format: 'long',
    trainingDomains: domains,
    evaluationDomains: domains,
    volumeUnit: volumes.length === 0 ? 'none' : 'tokens',
    lossUnit: 'nats',
    rows,
    findings: [],
  } as const;
  return assembleRuns(draft, { provenance }).table;
}

/** A whole report of simulated runs of four domains. */
export function simulatedReport(
  law: 'bimix' | 'bimix-transfer',
  domains = ['web', 'code', 'books', 'wiki'],
): ReportInput {
  const table = simulatedTable({ domains, runs: 16, volumes: [2e9, 4e9, 6e9, 10e9] });
  const later = simulatedTable({ domains, runs: 4, volumes: [10e9] });
  const fitted = fitLaw(table, findLaw(law), { uncertainty: true });
  const forecasters = [lawForecaster(findLaw(law)), meanBaseline, nearestBaseline];
  const uniform = new Float64Array(domains.length).fill(1 / domains.length);
  const mixture = Object.fromEntries(domains.map((domain, j) => [domain, uniform[j]]));
  const volume = { unit: 'tokens', value: 40e9 } as const;
  return {
    ...bareReport(table, fitted),
    verification: verifyLaw(fitted, later),
    evidence: evaluate(table, forecasters, splitRuns(table, 'kfold:4', 1)),
    proposal: proposeMixture(fitted, { volume, tokensAvailable: { [domains[0]]: 30e9, [domains[1]]: 8e9 } }),
    references: [{ name: 'uniform', mixture, losses: predictLosses(fitted, uniform, 40e9), epochs: null }],
    path: budgetPath(fitted, 'tokens', geometricVolumes(1e9, 1e12, 7)),
    front: paretoFront(fitted, { first: [domains[0]], second: domains.slice(1) }, 5, { volume }),
    findings: [{ kind: 'repair', code: 'renormalized', message: '2 mixtures renormalized', count: 2, items: [] }],
    commands: ['bimix report runs.jsonl law.json -o report.html'],
  };
}

/** Nothing but runs and a law. */
export function bareReport(table: RunTable, fitted: FittedLaw): ReportInput {
  return {
    title: 'Simulated runs',
    generated: '2026-01-02T03:04:05Z',
    version: '0.1.0',
    table,
    fitted: [fitted],
    evidence: null,
    verification: null,
    comparison: null,
    proposal: null,
    references: [],
    path: null,
    front: null,
    findings: null,
    entropy: null,
    decision: null,
    commands: [],
  };
}

/** BiMix with the same coefficients for every target, as if fitted: for tables too large to fit in a test. */
export function assumedLaw(table: RunTable): FittedLaw {
  const small = { domains: table.trainingDomains.slice(0, 2), runs: 8 };
  const pattern = fitLaw(simulatedTable(small), bimix);
  return {
    ...pattern,
    trainingDomains: table.trainingDomains,
    targets: table.evaluationDomains.map(target => ({ ...pattern.targets[0], target, own: target })),
    provenance: table.provenance,
  };
}
