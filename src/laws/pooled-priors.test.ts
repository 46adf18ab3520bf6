import { expect, test } from 'vitest';
import { bimixTransfer } from './bimix-transfer.ts';
import type { PriorTerm, TargetEstimate, TargetShape } from './law.ts';

const domains = ['web', 'code', 'books'];

/** A target whose own domain is `own`, with a typical log transfer of -3 and the given logs of t. */
function estimate(own: number, t: readonly number[], sigma: number): TargetEstimate {
  const shape: TargetShape = { domains, own, volumeVaries: false, shareVaries: true, sizeVaries: false };
  const values: Record<string, number> = { E: 0, C: 0, alpha: 0.2, sigma, rho: 0.6, tauMean: -3 };
  domains.forEach((domain, j) => {
    values[`t.${domain}`] = t[j];
  });
  return { shape, theta: Float64Array.from(bimixTransfer.parameters(shape), ({ name }) => values[name]) };
}

function termOf(estimates: readonly TargetEstimate[], target: number, name: string): PriorTerm | undefined {
  const names = bimixTransfer.parameters(estimates[target].shape).map(parameter => parameter.name);
  return bimixTransfer.pool?.(estimates)?.[target].find(({ terms }) => names[terms[0][0]] === name);
}

test('two targets give each other nothing', () => {
  expect(bimixTransfer.pool?.([estimate(0, [0, -3, -3], 0.6), estimate(1, [-3, 0, -3], 0.7)])).toBeUndefined();
});

test('an exponent is drawn to the median, as far as targets scatter', () => {
  const estimates = [0.5, 0.6, 0.8].map((sigma, own) => estimate(own, [-3, -3, -3], sigma));
  const term = termOf(estimates, 0, 'sigma');
  expect(term?.mean).toBe(0.6);
  // Median deviation 0.1.
  expect(term?.sd).toBeCloseTo(Math.hypot(1.4826 * 0.1, 0.08), 12);
});

test('a domain that helps all is expected to help, and help is mutual', () => {
  // Code helps web (own 0) and books (own 2) by e more than typical; web helps code by e^2 more.
  const estimates = [estimate(0, [0, -2, -3], 0.6), estimate(1, [-1, 0, -3], 0.6), estimate(2, [-3, -2, 0], 0.6)];
  // By source, shrunk by count + 2: web (2 + 0) / 4, code (1 + 1) / 4, books 0; centred by their mean 1/3.
  const web = 0.5 - 1 / 3;
  const code = 0.5 - 1 / 3;
  const term = termOf(estimates, 0, 't.code');
  expect(term?.mean).toBeCloseTo(code + 0.6 * (2 - web), 12);
  expect(term?.sd).toBe(0.7);
});
