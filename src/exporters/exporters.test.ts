import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMixtureFile, writeWholeFile } from '../files/index.ts';
import { type Mixture, makeMixture } from '../mixture/index.ts';
import {
  decimalShares,
  EXPORTERS,
  type ExportedMixture,
  exporterOfFile,
  exportWarnings,
  findExporter,
} from './index.ts';

const mixture = makeMixture({ web: 1 / 3, code: 1 / 3, 'books: old': 1 / 3, none: 0 });
const exported: ExportedMixture = {
  mixture,
  about: { law: 'bimix', runs: '60 runs', volume: '100B tokens', seed: 'none', date: '2026-01-02', bimix: '0.1.0' },
  tokens: { web: 33.4e9, code: 33.3e9, 'books: old': 33.3e9, none: 0 },
  epochs: { web: 0.5, code: 2.125, 'books: old': null, none: null },
};

const mixtures = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 64 })
  .filter(weights => weights.some(weight => weight > 1e-3))
  .map(weights =>
    makeMixture(Object.fromEntries(weights.map((weight, j) => [`d${j}`, weight])), { sumTolerance: Infinity }),
  );

/** Sum of decimals in units of the last place, without floating point. */
function exactSum(decimals: readonly string[]): bigint {
  return decimals.reduce((sum, text) => sum + BigInt(text.replace('.', '')), 0n);
}

describe('decimals', () => {
  test('thirds sum to exactly one', () => {
    expect(decimalShares(mixture, 3)).toEqual(['0.334', '0.333', '0.333', '0.000']);
  });

  test('every mixture sums to exactly one and moves no share by more than one in the last place', () => {
    fc.assert(
      fc.property(mixtures, fc.integer({ min: 1, max: 12 }), (mix: Mixture, digits) => {
        const decimals = decimalShares(mix, digits);
        expect(exactSum(decimals)).toBe(10n ** BigInt(digits));
        decimals.forEach((text, j) => {
          expect(Math.abs(Number(text) - mix.proportions[j])).toBeLessThan(1.000001 * 10 ** -digits);
        });
      }),
    );
  });
});

describe('formats', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bimix-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(['yaml', 'json', 'csv'])('%s is read back as the same mixture', async name => {
    const path = join(folder, `mixture.${name}`);
    await writeWholeFile(path, exporterOfFile(path).write(exported, {}));
    const read = await readMixtureFile(path);
    expect(read.domains).toEqual(mixture.domains);
    read.proportions.forEach((share, j) => {
      expect(share).toBeCloseTo(mixture.proportions[j], 5);
    });
  });

  test('a mixture of any size and any names is read back to the last decimal', async () => {
    const names = fc.uniqueArray(
      fc.oneof(
        fc.stringMatching(/^[ -~]{1,20}$/),
        fc.constantFrom('#code', 'c#', 'true', 'null', '1e5', 'a: b', '- x', 'web; old', '"q"', 'é', '{domain}'),
      ),
      { minLength: 2, maxLength: 8, selector: name => name.trim() },
    );
    const named = fc
      .tuple(names, fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 8, maxLength: 8 }))
      .filter(([domains]) => domains.every(name => name.trim() === name && name !== '__proto__'))
      .map(([domains, weights]) =>
        makeMixture(Object.fromEntries(domains.map((domain, j) => [domain, weights[j]])), { sumTolerance: Infinity }),
      );
    await fc.assert(
      fc.asyncProperty(named, fc.constantFrom('yaml', 'json', 'csv'), async (mix, name) => {
        const path = join(folder, `any.${name}`);
        await writeWholeFile(path, findExporter(name).write({ mixture: mix, about: exported.about }, {}));
        const read = await readMixtureFile(path);
        const decimals = decimalShares(mix);
        expect(new Map(read.domains.map((domain, j) => [domain, read.proportions[j].toFixed(6)]))).toEqual(
          new Map(mix.domains.map((domain, j) => [domain, decimals[j]])),
        );
      }),
    );
  });

  test('each says what its numbers are and where they came from', () => {
    for (const name of ['yaml', 'json', 'csv']) {
      const text = findExporter(name).write(exported, {});
      for (const fact of ['share of tokens', 'bimix', '60 runs', '100B tokens', 'none', '2026-01-02']) {
        expect(text).toContain(fact);
      }
    }
  });

  test('yaml tells tokens and epochs of each domain', () => {
    expect(findExporter('yaml').write(exported, {})).toMatchInlineSnapshot(`
      "# Data mixture: shares of training tokens. The decimals sum to exactly 1.
      unit: share of tokens
      about:
        law: bimix
        runs: 60 runs
        volume: 100B tokens
        seed: none
        date: 2026-01-02
        bimix: 0.1.0
      mixture:
        web: 0.333334  # 33.4B tokens, 0.5 epochs
        code: 0.333333  # 33.3B tokens, 2.13 epochs
        "books: old": 0.333333  # 33.3B tokens
        none: 0.000000  # 0 tokens
      "
    `);
  });

  test('an unknown ending or name says what there is', () => {
    expect(() => exporterOfFile('mixture.txt')).toThrow(/unknown format of mixture.txt/);
    expect(() => findExporter('megatrom')).toThrow(expect.objectContaining({ hint: 'Did you mean "megatron"?' }));
    expect(new Set(EXPORTERS.map(({ name }) => name)).size).toBe(EXPORTERS.length);
  });
});

describe('megatron', () => {
  const megatron = findExporter('megatron');

  test('writes weights and prefixes in turn, without domains of weight zero', () => {
    const line = megatron.write(
      { mixture: makeMixture({ web: 0.6, code: 0.4, none: 0 }), about: {} },
      { paths: { web: '/data/web_text_document.bin' }, template: '/data/{domain}_text_document' },
    );
    expect(line).toBe('--data-path 0.600000 /data/web_text_document 0.400000 /data/code_text_document\n');
  });

  test('refuses a domain without a path and a path with a space', () => {
    const one = { mixture: makeMixture({ web: 1 }), about: {} };
    expect(() => megatron.write(one, {})).toThrow(/missing path of the data of "web"/);
    expect(() => megatron.write(one, { template: '/my data/{domain}' })).toThrow(/splits the line at spaces/);
  });

  test('refuses one path for two domains, as a template without {domain} gives', () => {
    const two = { mixture: makeMixture({ web: 0.5, code: 0.5 }), about: {} };
    expect(() => megatron.write(two, { template: '/data/all' })).toThrow(
      'ambiguous path "/data/all": both "web" and "code" would be drawn from it',
    );
  });

  test('says which domains it leaves out, and which shares the decimals lose', () => {
    const sparse = { mixture: makeMixture({ web: 0.6, code: 0.4 - 1e-8, none: 0, dust: 1e-8 }), about: {} };
    expect(exportWarnings(megatron, sparse).map(({ message }) => message)).toEqual([
      'the share of "dust", 1.0e-8, is 0 at 6 decimals',
      'left out, because megatron takes no weight of 0: none, dust',
    ]);
    expect(exportWarnings(findExporter('yaml'), sparse).map(({ code }) => code)).toEqual(['rounded-to-zero']);
    expect(exportWarnings(findExporter('yaml'), exported)).toEqual([]);
  });
});
