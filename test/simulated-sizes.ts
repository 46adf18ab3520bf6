/** Run tables of several model sizes, simulated from a known law. */

import type { FittedLaw } from '../src/laws/index.ts';
import type { RunTable } from '../src/observations/index.ts';
import { type SimulationOptions, simulateTable } from './simulated-tables.ts';
import { TRUE_TRANSFER } from './true-laws.ts';

/** `TRUE_TRANSFER` with a term of the model size, up to 800M parameters. */
export const TRUE_TRANSFER_SIZE: FittedLaw = {
  ...TRUE_TRANSFER,
  law: 'bimix-transfer-size',
  sizes: [100e6, 300e6, 800e6],
  targets: TRUE_TRANSFER.targets.map(target => ({
    ...target,
    coefficients: { ...target.coefficients, A: 0.5, nu: 0.25 },
  })),
};

/** The runs of one size, or of several as one table: as many at each, of other mixtures. */
export function simulateSizes(truth: FittedLaw, sizes: readonly number[], options: SimulationOptions): RunTable {
  const tables = sizes.map((size, index) => {
    const table = simulateTable({ ...truth, size }, { ...options, seed: (options.seed ?? 1) + index });
    return { ...table, runs: table.runs.map(run => ({ ...run, size })) };
  });
  const [first] = tables;
  return {
    ...first,
    runs: tables.flatMap(table => table.runs),
    mixtures: Float64Array.from(tables.flatMap(table => Array.from(table.mixtures))),
    rowRun: Int32Array.from(
      tables.flatMap((table, index) => Array.from(table.rowRun, run => run + index * options.runs)),
    ),
    rowVolume: Float64Array.from(tables.flatMap(table => Array.from(table.rowVolume))),
    losses: Float64Array.from(tables.flatMap(table => Array.from(table.losses))),
  };
}

/** The same runs at another data volume, in another unit: each volume times `factor`. */
export function withVolumes(table: RunTable, factor: number): RunTable {
  return { ...table, rowVolume: table.rowVolume.map(volume => volume * factor) };
}
