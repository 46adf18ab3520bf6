/**
 * Whether designs keep what they promise: runs simulated from a law fitted to a public table. Run from the root:
 *   npx tsc -p bench && node bench/build/bench/design.bench.js [--table dmsl-122M] [--runs 14,28] [--designs 10]
 *     [--methods spread,optimal,dirichlet] [--noise 0.005] [--data ../shared/data]
 *
 * bimix-transfer fitted to the table is the truth. Each design, of seeds 0, 1, ..., is run by it at the last checkpoint with
 * normal noise on the log losses, the law is fitted to these runs alone, and its log losses are compared with the truth at 200
 * mixtures that fill the simplex. Printed: the root mean square error over mixtures and domains, median and worst design, and
 * what the designs expected of themselves, median.
 */

import { parseArgs } from 'node:util';
import { mersenne } from 'pure-rand/generator/mersenne';
import { allowedMixtures } from '../src/design/allowed-mixtures.ts';
import { designRuns, findDesignMethod, makeDesignProblem, type RunDesign } from '../src/design/index.ts';
import { fitLaw } from '../src/fitting/index.ts';
import { bimixTransfer, type FittedLaw, predictLosses } from '../src/laws/index.ts';
import { normalNumber } from '../src/numerics/index.ts';
import type { RunTable } from '../src/observations/index.ts';
import { type PublicTableName, publicTable } from '../test/public-tables.ts';

const { values } = parseArgs({
  options: {
    table: { type: 'string', default: 'dmsl-122M' },
    runs: { type: 'string', default: '14,28' },
    designs: { type: 'string', default: '10' },
    methods: { type: 'string', default: 'spread,optimal,dirichlet' },
    noise: { type: 'string', default: '0.005' },
    data: { type: 'string', default: '../shared/data' },
  },
});
const noise = Number(values.noise);
const ASKED = 200;
/** Apart from the seeds of the designs. */
const ASKED_SEED = 99;
const NOISE_SEED = 1000;

const truth = fitLaw(await publicTable(values.table as PublicTableName, values.data), bimixTransfer);
const domains = truth.trainingDomains;
const m = domains.length;
const free = { lower: new Float64Array(m), upper: new Float64Array(m).fill(1) };
const asked = allowedMixtures(free, ASKED, ASKED_SEED);

for (const count of values.runs.split(',').map(Number)) {
  for (const method of values.methods.split(',')) {
    const designs = Array.from({ length: Number(values.designs) }, (_, seed) => {
      const design = designRuns(makeDesignProblem(domains, { seed }), findDesignMethod(method), { runs: count, noise });
      const fitted = fitLaw(simulated(design, NOISE_SEED + seed), bimixTransfer);
      const expected = rootMeanSquare(design.identification.map(({ predictionError }) => predictionError));
      return { expected, error: errorOf(fitted) };
    });
    const errors = designs.map(({ error }) => error);
    const [median, worst] = [middleOf(errors), Math.max(...errors)].map(percent);
    const expected = percent(middleOf(designs.map(design => design.expected)));
    console.log(`${values.table} ${count} runs ${method}: error ${median}, worst ${worst}; expected ${expected}`);
  }
}

function truthAt(shares: Float64Array): number[] {
  const losses = predictLosses(truth, shares, truth.volume.largest);
  return truth.targets.map(({ target }) => losses[target]);
}

function simulated({ runs }: RunDesign, seed: number): RunTable {
  const random = mersenne(seed);
  return {
    trainingDomains: domains,
    evaluationDomains: truth.targets.map(({ target }) => target),
    ownDomain: Int32Array.from(truth.targets, ({ own }) => (own === null ? -1 : domains.indexOf(own))),
    volumeUnit: 'none',
    runs: runs.map(({ name }) => ({ name })),
    mixtures: Float64Array.from(runs.flatMap(({ shares }) => [...shares])),
    rowRun: Int32Array.from(runs.keys()),
    rowVolume: new Float64Array(runs.length).fill(1),
    losses: Float64Array.from(
      runs.flatMap(({ shares }) => truthAt(shares).map(loss => loss * Math.exp(noise * normalNumber(random)))),
    ),
    provenance: { format: 'simulated', inputs: [], version: 'simulated' },
  };
}

function errorOf(fitted: FittedLaw): number {
  return rootMeanSquare(
    asked.flatMap(shares => {
      const losses = predictLosses(fitted, shares, 1);
      const known = truthAt(shares);
      return truth.targets.map(({ target }, i) => Math.log(losses[target] / known[i]));
    }),
  );
}

function rootMeanSquare(numbers: readonly number[]): number {
  return Math.sqrt(numbers.reduce((sum, value) => sum + value ** 2, 0) / numbers.length);
}

function middleOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}
