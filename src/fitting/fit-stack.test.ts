import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { formatLaws, lossesAtVolume, parseLaws, predictLosses, stack } from '../laws/index.ts';
import { fitLaw } from './fit-law.ts';

const TARGETS = TRUE_TRANSFER.targets.map(({ target }) => target);

describe('a stack', () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 16, rowNoise: 0.002, runNoise: 0.003, seed: 3 });
  const fitted = fitLaw(table, stack, { targets: TARGETS });
  const r = Float64Array.of(0.5, 0.2, 0.3);
  const volume = table.rowVolume[0];

  test('is the weighted geometric mean of its members', () => {
    const losses = predictLosses(fitted, r, volume);
    for (const { target, coefficients } of fitted.targets) {
      let log = 0;
      for (const member of fitted.members ?? []) {
        const own = predictLosses(member, r, volume)[target];
        const weight = coefficients[`weight.${member.law}`];
        if (weight > 0) log += weight * Math.log(own);
      }
      expect(losses[target] / Math.exp(log)).toBeCloseTo(1, 12);
      const sum = Object.values(coefficients).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  test('leaves a member out that cannot predict a target without a domain of its own', () => {
    const exams = fitted.targets.find(({ target }) => target === 'exams');
    expect(exams?.coefficients['weight.bimix-eps']).toBe(0);
  });

  test('reads back from its file and can be optimized', () => {
    const [read] = parseLaws(formatLaws([fitted]), 'law.json');
    expect(predictLosses(read, r, volume)).toEqual(predictLosses(fitted, r, volume));
    const gradient = new Float64Array(3);
    for (const { loss } of lossesAtVolume(read, volume)) loss.addGradient(r, 1, gradient);
    expect(gradient.every(slope => slope < 0)).toBe(true);
  });

  test('of a negative weight, written by hand, is turned away: its optimum would be no minimum', () => {
    const text = formatLaws([fitted]).replace(/"weight\.bimix-transfer": [^,\n]+/, '"weight.bimix-transfer": -1');
    expect(() => parseLaws(text, 'law.json')).toThrowError(
      expect.objectContaining({ code: 'invalid-coefficient', message: expect.stringContaining('= -1') }),
    );
  });

  test('is the same from one fit to the next', () => {
    expect(formatLaws([fitLaw(table, stack, { targets: TARGETS })])).toBe(formatLaws([fitted]));
  });
});
