import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { bimixTransfer } from '../laws/index.ts';
import { medianRegret, replay, runsToReach } from './replay.ts';

const table = simulateTable(TRUE_TRANSFER, { runs: 24, volumes: [20e9], runNoise: 0.002 });
const options = { law: bimixTransfer, seed: 3, start: 4, until: 8 };

describe('a replay', () => {
  test('begins with the same runs whatever the choice, and adds one at a time', () => {
    const curves = (['optimum', 'random', 'intervals', 'coefficients', 'knowledge gradient'] as const).map(choice =>
      replay(table, { ...options, choice }),
    );
    for (const curve of curves) {
      expect(curve.map(({ runs }) => runs)).toEqual([4, 5, 6, 7, 8]);
      expect(curve[0]).toEqual(curves[0][0]);
      for (const { regret } of curve) expect(regret).toBeGreaterThanOrEqual(0);
    }
  });

  test('is the same for the same seed', () => {
    const once = replay(table, { ...options, choice: 'random' });
    expect(replay(table, { ...options, choice: 'random' })).toEqual(once);
  });

  test('by the optimum ends near the best mixture', () => {
    const replays = [0, 1, 2].map(seed => replay(table, { ...options, seed, choice: 'optimum' }));
    expect(medianRegret(replays).at(-1)?.regret).toBeLessThan(0.002);
  });
});

test('medians over replays, and the fewest runs at which they are low enough', () => {
  const points = (...regrets: number[]) => regrets.map((regret, i) => ({ runs: 8 + i, regret }));
  const curve = medianRegret([points(0.03, 0.01), points(0.01, 0.004), points(0.02, 0.02), points(0.02, 0)]);
  expect(curve).toEqual(points(0.02, 0.007));
  expect(runsToReach(curve, 0.007)).toBe(9);
  expect(runsToReach(curve, 0.001)).toBeNull();
});
