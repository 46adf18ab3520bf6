import { expect, test } from 'vitest';
import { halfCosine, learningRates } from './learning-rate.ts';

test('half a cosine wave is that of Math.cos within 1e-15', () => {
  let worst = 0;
  for (let i = 0; i <= 10_000; i++) {
    worst = Math.max(worst, Math.abs(halfCosine(i / 10_000) - (1 + Math.cos((Math.PI * i) / 10_000)) / 2));
  }
  expect(worst).toBeLessThan(1e-15);
});

test('warm-up rises in equal parts to the peak, which a constant schedule keeps', () => {
  const rates = learningRates({ peak: 0.8, warmup: 0.4, schedule: 'constant', final: 1 }, 10);
  expect([...rates]).toEqual(
    [0.2, 0.4, 0.8 * 0.75, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8].map(rate => expect.closeTo(rate)),
  );
});

test.each(['linear', 'cosine'] as const)('a %s schedule falls all the way to its final share', schedule => {
  const rates = learningRates({ peak: 2, warmup: 0.1, schedule, final: 0.1 }, 200);
  expect(rates[19]).toBe(2);
  expect(rates[199]).toBeCloseTo(0.2, 12);
  for (let step = 20; step < 200; step++) expect(rates[step]).toBeLessThan(rates[step - 1]);
  expect(rates[109]).toBeCloseTo(1.1, 12);
});

test('without warm-up the first step has the peak', () => {
  expect(learningRates({ peak: 1, warmup: 0, schedule: 'constant', final: 1 }, 3)[0]).toBe(1);
});
