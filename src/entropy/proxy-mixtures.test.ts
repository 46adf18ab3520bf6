import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPreset, mixtureToRecord } from '../mixture/index.ts';
import { entropyMixture, proxyMixtures } from './proxy-mixtures.ts';

const entropies = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.double({ min: 0, max: 20, noNaN: true }), {
  minKeys: 1,
  maxKeys: 20,
});

describe('the mixture of an entropy', () => {
  test('is proportional to its exponential', () => {
    // scipy.special.softmax([2.0, 3.0, 3.5])
    expect(mixtureToRecord(entropyMixture({ code: 2, web: 3, books: 3.5 }))).toEqual({
      code: expect.closeTo(0.12195165230972885, 15),
      web: expect.closeTo(0.33149896042409155, 15),
      books: expect.closeTo(0.5465493872661796, 15),
    });
  });

  test('ignores a constant, and survives entropies of any size', () => {
    fc.assert(
      fc.property(entropies, fc.double({ min: 0, max: 1e4, noNaN: true }), (byDomain, shift) => {
        const shifted = Object.fromEntries(Object.entries(byDomain).map(([domain, value]) => [domain, value + shift]));
        const [plain, moved] = [entropyMixture(byDomain), entropyMixture(shifted)];
        expect(plain.proportions.reduce((a, b) => a + b)).toBeCloseTo(1, 13);
        moved.proportions.forEach((share, j) => {
          expect(share).toBeCloseTo(plain.proportions[j], 9);
        });
      }),
    );
  });

  test('is nearer to uniform the higher the temperature', () => {
    const share = (temperature: number): number =>
      mixtureToRecord(entropyMixture({ code: 2, web: 4 }, temperature)).web;
    expect(share(1)).toBeCloseTo(Math.exp(2) / (1 + Math.exp(2)), 14);
    expect(share(2)).toBeCloseTo(Math.E / (1 + Math.E), 14);
    expect(share(1e9)).toBeCloseTo(0.5, 8);
    expect(share(1e-3)).toBe(1);
  });

  test('of published Shannon and conditional entropies gives the published joint one, at temperature 1 only', () => {
    // Ge et al. 2024, Tables 4 and 5: ln of a share is the entropy plus a constant, and joint = Shannon + conditional.
    for (const key of ['pile', 'slimpajama']) {
      const [se, ce, je] = ['se', 'ce', 'je'].map(method => mixtureToRecord(findPreset(`${key}/${method}`).mixture));
      const joint = Object.fromEntries(
        Object.keys(se).map(domain => [domain, 20 + Math.log(se[domain]) + Math.log(ce[domain])]),
      );
      const worst = (temperature: number): number => {
        const implied = mixtureToRecord(entropyMixture(joint, temperature));
        return Math.max(...Object.keys(je).map(domain => Math.abs(implied[domain] - je[domain])));
      };
      expect(worst(1)).toBeLessThan(2e-4);
      expect(worst(1.05)).toBeGreaterThan(1e-3);
      expect(worst(0.95)).toBeGreaterThan(1e-3);
    }
  });

  test('needs entropies and a temperature that make sense', () => {
    expect(() => entropyMixture({ web: 3 }, 0)).toThrowError('invalid temperature 0: expected a number above 0');
    expect(() => entropyMixture({ web: 3 }, Number.NaN)).toThrowError(/^invalid temperature NaN/);
    expect(() => entropyMixture({ web: 3, code: Number.NaN })).toThrowError(
      'invalid entropy of "code": NaN, expected nats of at least 0',
    );
    expect(() => entropyMixture({})).toThrowError(expect.objectContaining({ code: 'missing-domains' }));
  });
});

describe('the mixtures of all proxies', () => {
  const web = { shannon: 7, joint: 12, conditional: 5, tokens: 3e9 };
  const code = { shannon: 6, joint: 9, conditional: 3, tokens: 1e9 };

  test('come with the size-proportional and the uniform one', () => {
    const mixtures = proxyMixtures({ web, code });
    expect(mixtures.map(({ name }) => name)).toEqual(['shannon', 'joint', 'conditional', 'size', 'uniform']);
    const shares = Object.fromEntries(mixtures.map(({ name, mixture }) => [name, mixtureToRecord(mixture).web]));
    expect(shares).toEqual({
      shannon: expect.closeTo(Math.E / (1 + Math.E), 14),
      joint: expect.closeTo(Math.exp(3) / (1 + Math.exp(3)), 14),
      conditional: expect.closeTo(Math.exp(2) / (1 + Math.exp(2)), 14),
      size: 0.75,
      uniform: 0.5,
    });
  });

  test('have the von Neumann one when every domain has been embedded', () => {
    const names = (more: object): string[] =>
      proxyMixtures({ web: { ...web, vonNeumann: 3 }, code: { ...code, ...more } }).map(({ name }) => name);
    expect(names({ vonNeumann: 2 })).toContain('vonNeumann');
    expect(names({})).not.toContain('vonNeumann');
  });

  test('move with the temperature, but for size and uniform', () => {
    const [cold, warm] = [0.5, 2].map(temperature => proxyMixtures({ web, code }, temperature));
    cold.forEach(({ name, mixture }, index) => {
      const [before, after] = [mixture, warm[index].mixture].map(m => m.proportions[0]);
      if (name === 'size' || name === 'uniform') expect(after).toBe(before);
      else expect(after).toBeLessThan(before);
    });
  });
});
