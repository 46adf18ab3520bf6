/**
 * What a fit costs. Run: npm run bench -- [--data ../shared/data] [--repeats 5] [--tables | --scaling | --laws | --whole]
 *
 * --tables: the public run tables, every target, against scipy's least_squares (fit_scipy.py) on the same problems from the
 * same starting points: each start to its end, and the whole fit with its multistart. The noise that the ridge is weighed
 * against is given, so that both minimize the same thing. Left out where python3 has no scipy.
 * --scaling: time and memory of one target's default fit by runs, domains and checkpoints, on simulated runs.
 * --laws: what every law costs to fit to all targets, by runs and domains, on simulated runs.
 * --whole: fit and evaluation of all 64 targets of 5,000 simulated runs; takes minutes.
 *
 * One thread and processor time on both sides, so that other work on the machine hardly counts; the least of `repeats`.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate, lawForecaster, meanBaseline, nearestBaseline } from '../src/evidence/index.ts';
import { fitLaw, fitTarget, type TargetData, targetData } from '../src/fitting/index.ts';
import { leastSquares } from '../src/fitting/least-squares.ts';
import type { LeastSquaresProblem } from '../src/fitting/linearization.ts';
import { ridge } from '../src/fitting/ridge.ts';
import { bimix, bimixTransfer, LAWS, type Law, STACKS } from '../src/laws/index.ts';
import { defaultTargets, splitRuns } from '../src/observations/index.ts';
import { transferFit } from '../test/fitted-laws.ts';
import { PUBLIC_TABLES, publicTable } from '../test/public-tables.ts';
import { simulateTable } from '../test/simulated-tables.ts';

/** Noise of a run's log losses that the ridge is weighed against in the comparison. */
const NOISE = 0.01;
const TOLERANCE = 1e-9;
/** The laws that the project began with, timed against scipy and at scale. */
const TIMED: readonly Law[] = [bimix, bimixTransfer];

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    repeats: { type: 'string', default: '5' },
    tables: { type: 'boolean', default: false },
    scaling: { type: 'boolean', default: false },
    laws: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
  },
});
const repeats = Number(values.repeats);
const all = !values.tables && !values.scaling && !values.laws && !values.whole;

if (all || values.tables) await benchTables(values.data);
if (all || values.scaling) benchScaling();
if (all || values.laws) benchLaws();
if (values.whole) benchWhole();

/** Milliseconds of processor time so far. */
function clock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Least milliseconds of `repeats` calls, after one that does not count. */
function time(work: () => void): number {
  work();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const before = clock();
    work();
    least = Math.min(least, clock() - before);
  }
  return least;
}

interface Comparison {
  readonly table: string;
  readonly law: Law;
  readonly data: TargetData;
  readonly lambda: number;
}

async function benchTables(folder: string): Promise<void> {
  const comparisons: Comparison[] = [];
  console.log('default fit of a whole table (all targets, robust weights, noise rounds, standard errors)');
  for (const name of PUBLIC_TABLES) {
    const table = await publicTable(name, folder).catch((error: Error) => error);
    if (table instanceof Error) {
      console.log(`skipped: ${name}: ${table.message}`);
      continue;
    }
    const scale = table.rowVolume.reduce((a, b) => Math.max(a, b));
    const rows = Array.from(table.rowRun, (_, row) => row);
    const targets = defaultTargets(table);
    for (const law of TIMED) {
      const ms = time(() => fitLaw(table, law));
      console.log(
        `${name.padEnd(16)} ${law.name.padEnd(15)} ${ms.toFixed(1).padStart(7)} ms, ${(ms / targets.length).toFixed(2)} ms a target`,
      );
      const lambda = law.name === 'bimix' ? 0 : NOISE * Math.sqrt(table.rowRun.length / table.runs.length);
      for (const target of targets) {
        comparisons.push({ table: name, law, data: targetData(table, target, rows, scale), lambda });
      }
    }
  }
  if (comparisons.length === 0) return;
  const reference = solveByScipy(comparisons.map(exportProblem));
  if (reference === undefined) {
    console.log('skipped: comparison with scipy: python3 has no scipy');
    return;
  }
  console.log('\nscipy over bimix: each start to its end, and the multistart of the fit against all starts in scipy');
  console.log('table            law              start ms  scipy ms  ratio   fit ms  scipy ms  ratio  starts at best');
  for (const table of PUBLIC_TABLES) {
    for (const law of TIMED) {
      const group = comparisons.flatMap((comparison, i) =>
        comparison.table === table && comparison.law === law ? [{ ...comparison, scipy: reference[i] }] : [],
      );
      if (group.length > 0) console.log(compare(table, law, group));
    }
  }
}

function compare(table: string, law: Law, group: readonly (Comparison & { readonly scipy: ScipyResult })[]): string {
  let perStart = 0;
  let multistart = 0;
  let scipy = 0;
  let starts = 0;
  let atBest = 0;
  let scipyAtBest = 0;
  for (const { data, lambda, scipy: result } of group) {
    const problem = problemOf(law, data, lambda);
    const { shape, design, logLosses } = data;
    const objectives = law.starts(shape, design, logLosses).map(start => {
      perStart += time(() => leastSquares(problem, start, { maxIterations: 400, tolerance: TOLERANCE }));
      return leastSquares(problem, start, { maxIterations: 400, tolerance: TOLERANCE }).objective;
    });
    const best = Math.min(...objectives, ...result.objectives);
    starts += objectives.length;
    atBest += objectives.filter(objective => objective <= best * 1.001).length;
    scipyAtBest += result.objectives.filter(objective => objective <= best * 1.001).length;
    multistart += time(() => fitTarget(law, data, { lambda, robust: false }));
    scipy += 1e3 * result.seconds.reduce((a, b) => a + b, 0);
    const found = fitTarget(law, data, { lambda, robust: false }).objective;
    if (found > best * 1.001) console.log(`missed: ${law.name} on ${table}: ${found / best} of the best objective`);
  }
  const n = group.length;
  const number = (value: number, width: number): string => value.toFixed(2).padStart(width);
  return [
    table.padEnd(16),
    law.name.padEnd(15),
    number(perStart / starts, 9),
    number(scipy / starts, 9),
    `${number(scipy / perStart, 5)}x`,
    number(multistart / n, 8),
    number(scipy / n, 9),
    `${number(scipy / multistart, 5)}x`,
    `  ${atBest} of ${starts}, scipy ${scipyAtBest}`,
  ].join(' ');
}

function problemOf(law: Law, { shape, design, logLosses }: TargetData, lambda: number): LeastSquaresProblem {
  const parameters = law.parameters(shape);
  return {
    model: law.bind(shape, design),
    rowRun: design.rowRun,
    observed: logLosses,
    weights: new Float64Array(logLosses.length).fill(1),
    lower: Float64Array.from(parameters, ({ lower }) => lower),
    upper: Float64Array.from(parameters, ({ upper }) => upper),
    penalty: ridge(law.priors(shape), parameters.length, lambda * lambda),
  };
}

/** One problem as fit_scipy.py reads it. */
function exportProblem({ law, data, lambda }: Comparison): object {
  const { shape, design, logLosses } = data;
  const m = shape.domains.length;
  const parameters = law.parameters(shape);
  const priors = law.priors(shape);
  return {
    law: law.name,
    own: shape.own,
    volumeVaries: shape.volumeVaries,
    shares: Array.from(data.tableRuns, (_, run) => Array.from(design.shares.subarray(run * m, (run + 1) * m))),
    rowRun: Array.from(design.rowRun),
    volume: Array.from(design.volume),
    logLosses: Array.from(logLosses),
    lower: parameters.map(({ lower }) => lower),
    upper: parameters.map(({ upper }) => upper),
    prior: priors.map(({ terms, sd }) =>
      parameters.map((_, q) => (lambda / sd) * (terms.find(([index]) => index === q)?.[1] ?? 0)),
    ),
    priorMean: priors.map(({ mean, sd }) => (lambda / sd) * mean),
    starts: law.starts(shape, design, logLosses).map(start => Array.from(start)),
  };
}

interface ScipyResult {
  /** Of each start. */
  readonly seconds: readonly number[];
  readonly objectives: readonly number[];
}

function solveByScipy(problems: readonly object[]): ScipyResult[] | undefined {
  try {
    execFileSync('python3', ['-c', 'import scipy'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'bimix-bench-'));
  try {
    const file = path.join(folder, 'problems.json');
    writeFileSync(file, JSON.stringify({ options: { ftol: TOLERANCE }, repeats: Math.min(3, repeats), problems }));
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
    const script = path.resolve('bench/fit_scipy.py');
    if (!existsSync(script)) throw new Error('run it from the root of the repository');
    return JSON.parse(execFileSync('python3', [script, file], { env, maxBuffer: 2 ** 28, encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A transfer law over m domains in which neighbours help each other. */
function trueLaw(m: number): ReturnType<typeof transferFit> {
  const domains = Array.from({ length: m }, (_, j) => `d${j}`);
  const targets = domains.map((target, i) => ({
    ...{
      target,
      own: target,
      E: 0.5,
      C: 1 + (i % 5) / 5,
      alpha: 0.1 + (i % 3) / 20,
      B: 0.2,
      beta: 0.5,
      rho: 0.6,
      sigma: 0.8,
    },
    t: Object.fromEntries(
      domains.flatMap((domain, j) => (j === i ? [] : [[domain, Math.exp(-2 - Math.min(4, Math.abs(i - j)))]])),
    ),
  }));
  return transferFit(domains, targets);
}

function simulated(runs: number, m: number, checkpoints: number): ReturnType<typeof simulateTable> {
  const volumes = Array.from({ length: checkpoints }, (_, i) => (20e9 * (i + 1)) / checkpoints);
  return simulateTable(trueLaw(m), { runs, volumes, rowNoise: 0.002, runNoise: 0.004 });
}

function megabytes(): string {
  return `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`;
}

function benchLaws(): void {
  const sizes = [
    [30, 7, 10],
    [60, 7, 10],
    [120, 7, 10],
    [64, 15, 1],
    [256, 15, 1],
  ] as const;
  console.log('\nfit of all targets, seconds of processor time: runs x domains x checkpoints');
  console.log(''.padEnd(20) + sizes.map(size => size.join(' x ').padStart(14)).join(''));
  const tables = sizes.map(([runs, m, checkpoints]) => simulated(runs, m, checkpoints));
  for (const law of [...LAWS, ...STACKS]) {
    const seconds = tables.map(table => {
      const before = clock();
      fitLaw(table, law);
      return (clock() - before) / 1e3;
    });
    console.log(law.name.padEnd(20) + seconds.map(value => value.toFixed(2).padStart(14)).join(''));
  }
}

function benchScaling(): void {
  console.log('\ndefault fit of one target on simulated runs');
  console.log('runs  domains  checkpoints  bimix ms  bimix-transfer ms  iterations  memory of the process');
  for (const [runs, m, checkpoints] of [
    [50, 8, 10],
    [500, 8, 10],
    [5000, 8, 10],
    [500, 16, 1],
    [500, 32, 1],
    [500, 64, 1],
    [1000, 64, 1],
    [5000, 64, 1],
    [5000, 64, 10],
  ]) {
    const table = simulated(runs, m, checkpoints);
    const scale = table.rowVolume.reduce((a, b) => Math.max(a, b));
    const data = targetData(
      table,
      0,
      Array.from(table.rowRun, (_, row) => row),
      scale,
    );
    const [bimixMs, transferMs] = TIMED.map(law => {
      const before = clock();
      const { iterations } = fitTarget(law, data);
      return { ms: clock() - before, iterations };
    });
    console.log(
      `${String(runs).padEnd(6)}${String(m).padEnd(9)}${String(checkpoints).padEnd(13)}${bimixMs.ms.toFixed(0).padStart(8)}${transferMs.ms.toFixed(0).padStart(19)}${String(transferMs.iterations).padStart(12)}  ${megabytes()}`,
    );
  }
}

function benchWhole(): void {
  const table = simulated(5000, 64, 1);
  for (const law of TIMED) {
    const before = clock();
    fitLaw(table, law);
    console.log(
      `fit of 64 targets, 5000 runs, ${law.name}: ${((clock() - before) / 1e3).toFixed(1)} s, ${megabytes()}`,
    );
  }
  const forecasters = [...TIMED.map(law => lawForecaster(law)), meanBaseline, nearestBaseline];
  const before = clock();
  const { laws } = evaluate(table, forecasters, splitRuns(table, 'kfold:5', 0));
  const scores = laws.map(({ law, mean }) => `${law} ${(100 * mean.mre).toFixed(3)} %`).join(', ');
  console.log(`kfold:5 of the same: ${((clock() - before) / 1e3).toFixed(1)} s, ${megabytes()}; MRE ${scores}`);
}
