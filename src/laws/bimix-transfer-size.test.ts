import { describe, expect, test } from 'vitest';
import { simulateSizes, TRUE_TRANSFER_SIZE } from '../../test/simulated-sizes.ts';
import { fitLaw } from '../fitting/index.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import { bimixTransferSize } from './bimix-transfer-size.ts';
import { predictLosses } from './predict.ts';
import { findLaw } from './registry.ts';

const SHARES = Float64Array.of(0.5, 0.2, 0.3);

describe('predictions', () => {
  test('are those of numpy at the size asked for', () => {
    // e = .5**.6 + .02 * .2**.8 + .2 * .3**.8; .8 + e**-.12 * (1.6 + .4 * .25**-.45 + .5 * (3e8 / 8e8)**-.25), x = 5 / 20
    const { web } = predictLosses(TRUE_TRANSFER_SIZE, SHARES, 5e9, 300e6);
    expect(web).toBeCloseTo(3.894404833, 8);
  });

  test('are at the size of the law unless another is given, and at the largest without either', () => {
    const at = (size: number) => predictLosses(TRUE_TRANSFER_SIZE, SHARES, 5e9, size);
    expect(predictLosses({ ...TRUE_TRANSFER_SIZE, size: 300e6 }, SHARES, 5e9)).toEqual(at(300e6));
    expect(predictLosses(TRUE_TRANSFER_SIZE, SHARES, 5e9)).toEqual(at(800e6));
    expect(at(100e6).code).toBeGreaterThan(at(800e6).code);
  });
});

describe('a fit to three sizes', () => {
  const table = simulateSizes(TRUE_TRANSFER_SIZE, [100e6, 300e6, 800e6], { runs: 16 });

  test('recovers the law from runs without noise, under a ridge of almost nothing', () => {
    const fitted = fitLaw(table, bimixTransferSize, { lambda: 1e-7, robust: false });
    expect(fitted.sizes).toEqual([100e6, 300e6, 800e6]);
    expect(fitted.size).toBeUndefined();
    fitted.targets.forEach((target, i) => {
      const truth = TRUE_TRANSFER_SIZE.targets[i].coefficients;
      for (const [name, value] of Object.entries(target.coefficients)) {
        if (name !== 'tauMean')
          expect(Math.abs(value / truth[name] - 1), `${target.target} ${name}`).toBeLessThan(1e-3);
      }
    });
    // And so at a size that was not fitted.
    const there = predictLosses(fitted, SHARES, 10e9, 1.6e9);
    const truth = predictLosses(TRUE_TRANSFER_SIZE, SHARES, 10e9, 1.6e9);
    for (const [domain, loss] of Object.entries(there)) expect(loss).toBeCloseTo(truth[domain], 5);
  });

  test('is bimix-transfer where the runs have one size', () => {
    const one = simulateSizes(TRUE_TRANSFER_SIZE, [300e6], { runs: 12, rowNoise: 0.003 });
    const sized = fitLaw(one, bimixTransferSize);
    const plain = fitLaw(one, bimixTransfer);
    expect(sized.targets.map(({ coefficients }) => coefficients)).toEqual(
      plain.targets.map(({ coefficients }) => coefficients),
    );
    expect(sized.size).toBe(300e6);
  });

  test('is refused to a law that does not know sizes', () => {
    expect(() => fitLaw(table, bimixTransfer)).toThrow('ambiguous model size: the table has 100M, 300M, 800M');
  });
});

test('is found by its name, and gives no priors to runs of one size', () => {
  expect(findLaw('bimix-transfer-size')).toBe(bimixTransferSize);
  expect(bimixTransferSize.transfer).toBeUndefined();
});
