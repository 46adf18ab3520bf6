import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notFinite, orRefused } from '../../test/every-number.ts';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import { mixtureOf } from '../../test/shapes.ts';
import { fitLaw } from '../fitting/index.ts';
import { type FittedLaw, findLaw, formatLaws, parseLaws, predictIntervals, predictLosses } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { budgetPath, geometricVolumes } from './budget-path.ts';
import { proposeMixture } from './optimize-mixture.ts';

const DOMAINS = ['web', 'code', 'constructor'];

/** Values that an import accepts, over all orders of magnitude. */
const loss = fc.oneof(
  fc.double({ min: 1, max: 5, noNaN: true }),
  fc.double({ min: -9, max: 6, noNaN: true }).map(exponent => 10 ** exponent),
);
const volume = fc.oneof(
  fc.constantFrom(1e9, 2e9, 4e9),
  fc.double({ min: -9, max: 18, noNaN: true }).map(exponent => 10 ** exponent),
);

const tables: fc.Arbitrary<RunTable> = fc
  .record({ runs: fc.integer({ min: 1, max: 6 }), volumes: fc.uniqueArray(volume, { minLength: 1, maxLength: 3 }) })
  .chain(({ runs, volumes }) =>
    fc
      .record({
        mixtures: fc.array(mixtureOf(DOMAINS.length), { minLength: runs, maxLength: runs }),
        losses: fc.array(loss, {
          minLength: runs * volumes.length * DOMAINS.length,
          maxLength: runs * volumes.length * DOMAINS.length,
        }),
      })
      .map(({ mixtures, losses }): RunTable => {
        const ascending = [...volumes].sort((a, b) => a - b);
        const rows = runs * volumes.length;
        return {
          trainingDomains: DOMAINS,
          evaluationDomains: DOMAINS,
          ownDomain: Int32Array.of(0, 1, 2),
          volumeUnit: volumes.length > 1 ? 'tokens' : 'none',
          runs: mixtures.map((_, run) => ({ name: `r${run}` })),
          mixtures: Float64Array.from(mixtures.flat()),
          rowRun: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / volumes.length)),
          rowVolume: Float64Array.from({ length: rows }, (_, row) =>
            volumes.length > 1 ? ascending[row % volumes.length] : 1,
          ),
          losses: Float64Array.from(losses),
          provenance: { format: 'test', inputs: [], version: '0.0.0' },
        };
      }),
  );

const weight = fc.oneof(fc.constantFrom(0, 1, 5e-324, 1e-300, 1e308), fc.double({ min: 0, noNaN: true }));
const pull = fc.oneof(fc.constantFrom(0, 1, 5e-324, 1e4, 1e308), fc.double({ min: 0, max: 1e4, noNaN: true }));

/** What a law answers is finite, in every number of it. */
function expectFinite(fitted: FittedLaw, weights: readonly number[], strength: number): void {
  const { unit, largest } = fitted.volume;
  const options = {
    weights: Object.fromEntries(fitted.targets.map(({ target }, i) => [target, weights[i] ?? 1])),
    reference: { name: 'given', mixture: { domains: DOMAINS, proportions: Float64Array.of(0.2, 0.3, 0.5) } },
    pull: strength,
  };
  const at = unit === 'none' ? {} : { volume: { unit: 'tokens' as const, value: largest * 1.5 } };
  const shares = Float64Array.of(0, 0.5, 0.5);
  const answers = [
    orRefused(() => predictLosses(fitted, shares, largest)),
    orRefused(() => predictIntervals(fitted, shares, largest, 0.9)),
    orRefused(() => proposeMixture(fitted, { ...options, ...at })),
    orRefused(() => budgetPath(fitted, 'tokens', [largest / 2, largest * 2], options)),
  ];
  expect(notFinite(answers)).toEqual([]);
}

describe.each([
  'bimix',
  'bimix-eps',
  'bimix-transfer',
  'bimix-skills',
  'exponential',
  'linear',
  'gp',
  'trees',
  'hybrid',
])('a fit of %s to losses and volumes of any size', name => {
  test('is read back as it was written, and answers in finite numbers or is refused', () => {
    fc.assert(
      fc.property(tables, fc.array(weight, { minLength: 3, maxLength: 3 }), pull, (table, weights, strength) => {
        const fitted = orRefused(() => fitLaw(table, findLaw(name), { uncertainty: true }));
        if (fitted === undefined) return;
        const text = orRefused(() => formatLaws([fitted]));
        if (text === undefined) return;
        const [read] = parseLaws(text, 'law.json');
        expect(JSON.parse(formatLaws([read]))).toEqual(JSON.parse(text));
        expectFinite(read, weights, strength);
      }),
      { numRuns: 12, seed: 3 },
    );
  });
});

describe('a law file with one number changed', () => {
  const shape = { E: 0.2, C: 1, alpha: 0.2, rho: 0.7, sigma: 0.8, B: 0.5, beta: 0.4 };
  const helped = DOMAINS.map(own => {
    const t = Object.fromEntries(DOMAINS.filter(other => other !== own).map(other => [other, 0.05]));
    return { target: own, own, ...shape, t };
  });
  const laws = [
    bimixFit(Object.fromEntries(DOMAINS.map((name, i) => [name, [1 + i, 0.08, 0.5, 0.3]] as const))),
    transferFit(DOMAINS, helped),
  ];
  const extreme = fc.constantFrom(0, -1, 1e300, -1e300, 5e-324, 1e308, 1e-30, 2, null);

  test.each(laws)('$law is refused, or answers in finite numbers', law => {
    const places = numbersOf(JSON.parse(formatLaws([law])));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: places.length - 1 }), extreme, (place, value) => {
        const changed = JSON.parse(formatLaws([law]));
        setAt(changed, places[place], value);
        // 1e999 is what JSON reads as infinite.
        const text = JSON.stringify(changed).replaceAll('1e+308', '1e999');
        const read = orRefused(() => parseLaws(text, 'law.json'));
        if (read !== undefined) expectFinite(read[0], [1, 1, 1], 0.1);
      }),
      { numRuns: 400, seed: 4 },
    );
  });

  test.each([
    ['alpha', 1e300, 'invalid coefficient alpha = 1e+300 of target "web", expected 0 to 6'],
    ['C', 0, 'invalid coefficient C = 0 of target "web", expected 1.52e-8 to 403'],
    ['beta', -0.1, 'invalid coefficient beta = -0.1 of target "web", expected 0 to 6'],
  ])('is refused with %s = %d', (name, value, message) => {
    const changed = JSON.parse(formatLaws([laws[0]]));
    changed.targets[0].coefficients[name] = value;
    expect(() => parseLaws(JSON.stringify(changed), 'law.json')).toThrow(message);
  });

  test.each([
    ['a target twice', (law: ChangedLaw) => law.targets.push(law.targets[0]), 'the target "web" is listed twice'],
    ['a mixture of 2', (law: ChangedLaw) => law.covered.mixtures[0].fill(0.7), 'the mixture of run "r1" is no mixture'],
    ['a loss of 0', (law: ChangedLaw) => law.covered.lastLosses[1].fill(0), 'the last losses of run "r2"'],
  ])('is refused with %s', (_, change, message) => {
    const changed = JSON.parse(formatLaws([laws[0]]));
    change(changed);
    expect(() => parseLaws(JSON.stringify(changed), 'law.json')).toThrow(message);
  });
});

interface ChangedLaw {
  targets: unknown[];
  covered: { mixtures: number[][]; lastLosses: number[][] };
}

/** Paths to all numbers. */
function numbersOf(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'number') return [at];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, [...at, key]));
}

function setAt(value: Record<string, unknown>, [key, ...rest]: readonly string[], number: number | null): void {
  if (rest.length === 0) value[key] = number;
  else setAt(value[key] as Record<string, unknown>, rest, number);
}

test('weights of 1e308 count alike, a pull beyond its bound is refused', () => {
  const law = bimixFit({ web: [2.5, 0.08, 0.6, 0.1], code: [0.5, 0.2, 1.5, 0.5] });
  const at = { volume: { unit: 'tokens' as const, value: 5e9 } };
  const plain = proposeMixture(law, at);
  expect(proposeMixture(law, { ...at, weights: { web: 1e308, code: 1e308 } })).toEqual(plain);
  const mixture = { domains: ['web', 'code'], proportions: Float64Array.of(0.5, 0.5) };
  expect(() => proposeMixture(law, { ...at, reference: { name: 'even', mixture }, pull: 1e308 })).toThrow(
    'invalid pull 1e+308: expected 0 to 10000, in nats per token',
  );
});

test('targets, tokens available and budgets beyond what any run has are refused by name', () => {
  const law = bimixFit({ web: [3, 0.1, 2, 0.3], code: [1.6, 0.2, 3, 0.25] });
  const at = { volume: { unit: 'tokens', value: 1e9 } } as const;
  expect(() => proposeMixture(law, { ...at, targets: { web: 5e-324 } })).toThrow(
    /that of "web" is 5e-324, expected a loss of at/,
  );
  expect(() => proposeMixture(law, { ...at, tokensAvailable: { web: 5e-324 }, repeatDecay: 15 })).toThrow(
    'invalid tokens available of "web": 5e-324',
  );
  expect(() => geometricVolumes(1e-300, 1e300, 7)).toThrow('invalid volumes: 1e-300 to 1e+300');
});
