/** Run tables simulated from a known law. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { type FittedLaw, lossesAtVolume } from '../src/laws/index.ts';
import type { RunTable } from '../src/observations/index.ts';

export interface SimulationOptions {
  readonly runs: number;
  /** In tokens; each run has a checkpoint at each. One volume makes a table without a volume unit. */
  readonly volumes?: readonly number[];
  /** Standard deviation of each log loss; defaults to 0. */
  readonly rowNoise?: number;
  /** Standard deviation of what all log losses of a run on one target share; defaults to 0. */
  readonly runNoise?: number;
  /** Added to log losses, by row's volume and run. */
  readonly bend?: (volume: number, run: number) => number;
  /** The mixture of each run; random by default, no share below 0.01. */
  readonly mixtureOf?: (run: number) => readonly number[];
  readonly seed?: number;
}

const VOLUMES = [1e9, 2e9, 4e9, 8e9, 12e9, 16e9, 20e9];

/** Runs of random mixtures whose losses are those of `truth`, off by noise. */
export function simulateTable(truth: FittedLaw, options: SimulationOptions): RunTable {
  const { runs, volumes = VOLUMES, rowNoise = 0, runNoise = 0, bend = () => 0 } = options;
  const generator = mersenne(options.seed ?? 1);
  const uniform = (): number => uniformFloat64(generator);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const m = truth.trainingDomains.length;
  const at = volumes.map(volume => lossesAtVolume(truth, volume));
  const mixtures = new Float64Array(runs * m);
  const losses: number[] = [];
  for (let run = 0; run < runs; run++) {
    const weights = Array.from({ length: m }, () => -Math.log(1 - uniform()));
    const sum = weights.reduce((a, b) => a + b, 0);
    const random = weights.map(weight => 0.01 + (weight / sum) * (1 - 0.01 * m));
    const shares = Float64Array.from(options.mixtureOf?.(run) ?? random);
    mixtures.set(shares, run * m);
    const offsets = truth.targets.map(() => runNoise * normal());
    at.forEach((targets, v) => {
      targets.forEach(({ loss }, i) => {
        const logError = offsets[i] + rowNoise * normal() + bend(volumes[v], run);
        losses.push(loss.value(shares) * Math.exp(logError));
      });
    });
  }
  return {
    trainingDomains: truth.trainingDomains,
    evaluationDomains: truth.targets.map(({ target }) => target),
    ownDomain: Int32Array.from(truth.targets, ({ own }) => (own === null ? -1 : truth.trainingDomains.indexOf(own))),
    volumeUnit: volumes.length > 1 ? 'tokens' : 'none',
    schedule: 'constant',
    runs: Array.from({ length: runs }, (_, run) => ({ name: `r${String(run).padStart(3, '0')}` })),
    mixtures,
    rowRun: Int32Array.from({ length: runs * volumes.length }, (_, row) => Math.floor(row / volumes.length)),
    rowVolume: Float64Array.from({ length: runs * volumes.length }, (_, row) => volumes[row % volumes.length]),
    losses: Float64Array.from(losses),
    provenance: { format: 'simulated', inputs: [], version: '0.0.0' },
  };
}
