import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import { powerLoss, randomMixture, randomNumbers, transferLoss } from '../../test/random-objective.ts';
import type { LossOfShares } from './law.ts';
import { lossesAtVolume } from './predict.ts';
import { lossesUnderRepetition, lossUnderRepetition, REPEAT_DECAY, type Repetition, worthAsNew } from './repetition.ts';

describe('repeated tokens', () => {
  test('are new ones in the first epoch', () => {
    expect(worthAsNew(3e9, 5e9, REPEAT_DECAY)).toBe(3e9);
    expect(worthAsNew(5e9, 5e9, REPEAT_DECAY)).toBe(5e9);
    expect(worthAsNew(5e9, Number.POSITIVE_INFINITY, REPEAT_DECAY)).toBe(5e9);
    expect(worthAsNew(5e9, 0, REPEAT_DECAY)).toBe(0);
  });

  test('are worth what Eq. 5 says beyond', () => {
    // U, R = 5e9, 15.4; [U + U * R * (1 - np.exp(-(n - 1) / R)) for n in (2, 4, 16, 100)]
    const expected = [9841119830.498411, 18629387607.54418, 52927885567.327324, 81875663789.39981];
    [2, 4, 16, 100].forEach((epochs, i) => {
      expect(worthAsNew(epochs * 5e9, 5e9, 15.4) / expected[i]).toBeCloseTo(1, 9);
    });
  });

  test('are never worth more than U (1 + R*)', () => {
    expect(worthAsNew(1e15, 5e9, 15.4)).toBeLessThanOrEqual(5e9 * 16.4);
    expect(worthAsNew(1e15, 5e9, 15.4)).toBeCloseTo(5e9 * 16.4, -1);
  });
});

const transfer = transferLoss({ own: 0, t: [1, 0.3, 0.05], rho: 0.6, sigma: 0.8, floor: 0.3, scale: 2, alpha: 0.3 });

describe('a loss under repetition', () => {
  const repetition = { tokens: 100e9, available: Float64Array.of(5e9, Number.POSITIVE_INFINITY, 20e9), decay: 15.4 };

  test('is the loss at effective shares, the budget kept', () => {
    const loss = lossUnderRepetition(transfer, repetition, 0);
    const r = Float64Array.of(0.4, 0.3, 0.3);
    const effective = Float64Array.of(worthAsNew(40e9, 5e9, 15.4) / 100e9, 0.3, worthAsNew(30e9, 20e9, 15.4) / 100e9);
    expect(loss.value(r)).toBeCloseTo(transfer.value(effective), 14);
    expect(loss.value(r)).toBeGreaterThan(transfer.value(r));
    expect(loss.value(Float64Array.of(0.05, 0.8, 0.15))).toBe(transfer.value(Float64Array.of(0.05, 0.8, 0.15)));
  });

  test('is the loss itself where nothing can be repeated', () => {
    const plenty = { tokens: 1e9, available: Float64Array.of(1e9, 2e9, Number.POSITIVE_INFINITY), decay: 15.4 };
    expect(lossUnderRepetition(transfer, plenty, 0)).toBe(transfer);
  });

  test('takes a domain without tokens for one without a share', () => {
    const none = { tokens: 100e9, available: Float64Array.of(0, 200e9, 200e9), decay: 15.4 };
    const loss = lossUnderRepetition(transfer, none, 0);
    const gradient = new Float64Array(3);
    expect(loss.addGradient(Float64Array.of(0.2, 0.4, 0.4), 1, gradient)).toBe(
      transfer.value(Float64Array.of(0, 0.4, 0.4)),
    );
    expect(gradient[0]).toBe(0);
    expect(Array.from(gradient).every(Number.isFinite)).toBe(true);
  });

  test('takes a power as it stands below the floor of shares, and a drawn share at the floor', () => {
    const scarce = { tokens: 1e12, available: Float64Array.of(1e6, Number.POSITIVE_INFINITY), decay: 15.4 };
    const loss = lossUnderRepetition(powerLoss(0, 2, 0.1), scarce, 1e-3);
    expect(loss.value(Float64Array.of(0.5, 0.5))).toBeCloseTo(2 * (16.4e6 / 1e12) ** -0.1, 8);
    expect(loss.value(Float64Array.of(0, 1))).toBe(loss.value(Float64Array.of(1e-3, 0.999)));
  });
});

/** Losses of three domains, with tokens that are drawn once, often, or without limit. */
const scenario = fc.integer({ min: 1, max: 1e6 }).map(seed => {
  const random = randomNumbers(seed);
  const losses: LossOfShares[] = [
    powerLoss(0, 0.5 + random(), 0.05 + random()),
    transferLoss({
      own: seed % 3 === 0 ? -1 : 1,
      t: [random(), 1, random()],
      rho: 0.05 + 0.95 * random(),
      sigma: 0.05 + 0.95 * random(),
      floor: random(),
      scale: 0.5 + random(),
      alpha: 0.02 + random(),
    }),
  ];
  const repetition: Repetition = {
    tokens: 1,
    available: Float64Array.from({ length: 3 }, () =>
      random() < 0.2 ? Number.POSITIVE_INFINITY : Math.exp(-6 * random()),
    ),
    decay: 0.5 + 20 * random(),
  };
  const mixture = (): Float64Array => randomMixture(3, random).map(share => 0.003 + 0.991 * share);
  return { losses: losses.map(loss => lossUnderRepetition(loss, repetition, 1e-3)), random, mixture };
});

describe('any falling loss under repetition', () => {
  test('is convex in the drawn shares', () => {
    fc.assert(
      fc.property(scenario, ({ losses, random, mixture }) => {
        for (const loss of losses) {
          const [a, b, along] = [mixture(), mixture(), random()];
          const between = a.map((share, j) => share + along * (b[j] - share));
          const chord = (1 - along) * loss.value(a) + along * loss.value(b);
          expect(loss.value(between)).toBeLessThanOrEqual(chord * (1 + 1e-13));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('has the gradient and the Hessian that differences have', () => {
    fc.assert(
      fc.property(scenario, ({ losses, mixture }) => {
        const h = 1e-6;
        const r = mixture();
        for (const loss of losses) {
          const gradientAt = (shares: Float64Array): Float64Array => {
            const gradient = new Float64Array(3);
            expect(loss.addGradient(shares, 1, gradient)).toBe(loss.value(shares));
            return gradient;
          };
          const gradient = gradientAt(r);
          const hessian = new Float64Array(9);
          loss.addHessian(r, 1, hessian);
          for (let j = 0; j < 3; j++) {
            const up = r.map((share, i) => share + (i === j ? h : 0));
            const down = r.map((share, i) => share - (i === j ? h : 0));
            const slope = (loss.value(up) - loss.value(down)) / (2 * h);
            expect(Math.abs(gradient[j] - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
            const [above, below] = [gradientAt(up), gradientAt(down)];
            for (let i = 0; i < 3; i++) {
              const curvature = (above[i] - below[i]) / (2 * h);
              expect(Math.abs(hessian[i * 3 + j] - curvature)).toBeLessThan(1e-3 * (1 + Math.abs(curvature)));
            }
          }
        }
      }),
    );
  });
});

describe('the losses of a law under repetition', () => {
  const available = Float64Array.of(1e9, Number.POSITIVE_INFINITY);

  test('are those of its law where tokens are enough', () => {
    const fitted = bimixFit({ web: [2.5, 0.08, 0.6, 0.3], code: [1.0, 0.2, 0.5, 0.5] });
    const r = Float64Array.of(0.1, 0.9);
    const plain = lossesAtVolume(fitted, 5e9).map(({ loss }) => loss.value(r));
    const repetition = { tokens: 5e9, available, decay: 15.4 };
    expect(lossesUnderRepetition(fitted, 5e9, repetition).map(({ loss }) => loss.value(r))).toEqual(plain);
    const more = lossesUnderRepetition(fitted, 5e9, { ...repetition, tokens: 50e9 }).map(({ loss }) => loss.value(r));
    expect(more[0]).toBeGreaterThan(plain[0]);
    expect(more[1]).toBe(plain[1]);
  });

  test('rise for every target that learns from the repeated domain', () => {
    const shape = { E: 0.2, C: 1, alpha: 0.2, rho: 0.7, sigma: 0.8, B: 0.5, beta: 0.4 };
    const fitted = transferFit(
      ['web', 'code'],
      [
        { target: 'web', own: 'web', ...shape, t: { code: 0.02 } },
        { target: 'code', own: 'code', ...shape, t: { web: 0.1 } },
      ],
    );
    const r = Float64Array.of(0.5, 0.5);
    const plain = lossesAtVolume(fitted, 20e9);
    lossesUnderRepetition(fitted, 20e9, { tokens: 20e9, available, decay: 15.4 }).forEach(({ target, loss }, i) => {
      expect(target).toBe(plain[i].target);
      expect(loss.value(r)).toBeGreaterThan(plain[i].loss.value(r));
    });
  });
});
