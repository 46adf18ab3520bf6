import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mixtureOf, thetaWithin, units } from '../../test/shapes.ts';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { fitLaw } from '../fitting/fit-law.ts';
import type { RunTable } from '../observations/index.ts';
import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import type { Law, TargetShape } from './law.ts';
import { lossesAtVolume, predictLosses } from './predict.ts';
import { LAWS, STACKS } from './registry.ts';

/** Losses measured on other documents at each checkpoint: what all runs share there, as a factor. */
const WOBBLE = [0.012, -0.015, 0.01, -0.012, 0.013];

function withWobble(table: RunTable): RunTable {
  const k = table.evaluationDomains.length;
  const volumes = [...new Set(table.rowVolume)].sort((a, b) => a - b);
  return {
    ...table,
    losses: table.losses.map((loss, index) => {
      const v = volumes.indexOf(table.rowVolume[Math.floor(index / k)]);
      return loss * Math.exp(WOBBLE[v % WOBBLE.length]);
    }),
  };
}

const table = withWobble(simulateTable(TRUE_TRANSFER, { runs: 24, runNoise: 0.003, seed: 5 }));
const owned = table.evaluationDomains.filter((_, i) => table.ownDomain[i] >= 0);

/** A third of the smallest volume of the fit to thrice the largest, and twice around each measured checkpoint. */
function volumesAround({ volume: { smallest, largest } }: FittedLaw): number[] {
  const series = Array.from({ length: 60 }, (_, i) => (smallest / 3) * ((9 * largest) / smallest) ** (i / 59));
  const near = [...new Set(table.rowVolume)].flatMap(v =>
    [0.994, 0.996, 0.9999, 1, 1.0001, 1.004, 1.006].map(f => f * v),
  );
  return [...series, ...near].sort((a, b) => a - b);
}

/** Largest exponent of the volume in any law, with the size's. */
const STEEPEST = 6;

function expectSmooth(volumes: readonly number[], losses: readonly number[]): void {
  for (let i = 1; i < volumes.length; i++) {
    const fall = Math.log(losses[i - 1] / losses[i]);
    expect(fall).toBeGreaterThan(-1e-12);
    expect(fall).toBeLessThan(STEEPEST * Math.log(volumes[i] / volumes[i - 1]) + 1e-12);
  }
}

describe.each([...LAWS, ...STACKS])('$name, fitted to runs that wobble together', law => {
  const fitted = fitLaw(table, law, { targets: law.needsOwnDomain ? owned : table.evaluationDomains });
  const volumes = volumesAround(fitted);

  test('predicts losses that never rise and never jump along the volume', () => {
    fc.assert(
      fc.property(mixtureOf(3), mixture => {
        const along = volumes.map(volume => predictLosses(fitted, Float64Array.from(mixture), volume));
        for (const { target } of fitted.targets) {
          expectSmooth(
            volumes,
            along.map(losses => losses[target]),
          );
        }
      }),
      { numRuns: 10, seed: 1 },
    );
  });
});

const formulas = LAWS.filter(law => law.correction === undefined && !law.knowsSize);

describe.each(formulas)('$name, at any coefficients', law => {
  test('falls along the volume without a jump, whatever the effects of checkpoints', () => {
    fc.assert(
      fc.property(units, mixtureOf(3), (at, mixture) => {
        const fitted = lawOf(law, at);
        const volumes = [0.5, 0.9, 0.994, 0.996, 1, 1.004, 1.006, 1.1, 2, 40].map(x => x * fitted.volume.scale);
        const losses = volumes.map(volume => lossesAtVolume(fitted, volume)[0].loss.value(Float64Array.from(mixture)));
        expectSmooth(volumes, losses);
      }),
      { seed: 2 },
    );
  });
});

/** With an effect at x = 1 that a decision must not see. */
function lawOf(law: Law, at: readonly number[]): FittedLaw {
  const domains = ['a', 'b', 'c'];
  const shape: TargetShape = { domains, own: 0, volumeVaries: true, shareVaries: true, sizeVaries: false };
  const parameters = law.parameters(shape);
  const theta = thetaWithin(law, shape, at);
  const base: FittedLaw = { ...TRUE_TRANSFER, law: law.name, trainingDomains: domains };
  const target: FittedTarget = {
    ...TRUE_TRANSFER.targets[0],
    target: 'a',
    own: 'a',
    coefficients: Object.fromEntries(
      parameters.map(({ name, scale }, q) => [name, scale === 'log' ? Math.exp(theta[q]) : theta[q]]),
    ),
    checkpointEffects: [
      { volume: base.volume.scale, shifts: Object.fromEntries(parameters.map(({ name }) => [name, 0.1])) },
    ],
  };
  return { ...base, targets: [target] };
}
