import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import type { InputFile } from '../files/index.ts';
import { type Divergence, type Evaluation, formatMetrics, type MetricsHeader } from '../proxies/run-metrics.ts';
import { bimixMetrics } from './bimix-metrics.ts';
import { IMPORTERS } from './registry.ts';

const headerOf = (run: string, weights: Record<string, number>, hash = run): MetricsHeader => ({
  run,
  hash,
  weights,
  tokens: 2000,
  seed: 7,
  parameters: 216_064,
  model: { vocabulary: 256, context: 128, width: 64, layers: 3, heads: 2 },
  domains: ['web', 'code'],
  validationTokens: { web: 500, code: 500 },
});

const evaluation = (tokens: number, web: number, code: number): Evaluation => ({
  tokens,
  losses: { web, code },
  trainingLoss: 3,
  drawn: { web: tokens / 2, code: tokens / 2 },
});

/** As training writes it. */
const metrics = (
  path: string,
  header: MetricsHeader,
  evaluations: readonly Evaluation[],
  diverged: Divergence | null = null,
): InputFile => fileOf(path, formatMetrics({ header, evaluations, diverged }));

const A = metrics('runs/a/metrics.jsonl', headerOf('a', { web: 0.8, code: 0.2 }), [
  evaluation(1000, 4, 3),
  evaluation(2000, 3.5, 2.5),
]);
const B = metrics('runs/b/metrics.jsonl', headerOf('b', { web: 1 }), [evaluation(2000, 3.25, 2.75)]);

describe('the importer of metrics of bimix', () => {
  test('reads runs with their mixtures, sizes and seeds; a domain that a run leaves out has no share', async () => {
    const result = fileOf('runs/a/result.json', '{\n  "kind": "bimix-proxy-result"\n}\n');
    const detected = await Promise.all(IMPORTERS.map(importer => importer.detect([A, B, result])));
    expect(IMPORTERS.filter((_, i) => detected[i]).map(({ name }) => name)).toEqual(['bimix-metrics']);
    const { table, findings } = await imported(bimixMetrics, [A, B, result]);
    expect(table.runs).toEqual([
      { name: 'a', size: 216_064, seed: 7 },
      { name: 'b', size: 216_064, seed: 7 },
    ]);
    expect(table.trainingDomains).toEqual(['web', 'code']);
    expect(Array.from(table.mixtures)).toEqual([0.8, 0.2, 1, 0]);
    expect(table.volumeUnit).toBe('tokens');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 2000]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5, 3.25, 2.75]);
    expect(findings.filter(({ kind }) => kind === 'repair')).toEqual([]);
  });

  test('takes runs that are not at their end as far as they are, and says so', async () => {
    const half = metrics('runs/c/metrics.jsonl', headerOf('c', { web: 0.5, code: 0.5 }), [evaluation(1000, 4, 3)]);
    const { table, findings } = await imported(bimixMetrics, [A, half]);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'unfinished-runs',
        message: '1 run not finished, or cut, taken as far as it is',
        items: ['c: 1K of 2K tokens'],
      }),
    );
  });

  test('leaves out runs that diverged, and says so', async () => {
    const broken = metrics(
      'runs/c/metrics.jsonl',
      headerOf('c', { web: 0.5, code: 0.5 }),
      [evaluation(1000, 4, Number.NaN)],
      { tokens: 1500, reason: 'loss NaN' },
    );
    const { table, findings } = await imported(bimixMetrics, [A, broken]);
    expect(table.runs.map(({ name }) => name)).toEqual(['a']);
    expect(countOf(findings, 'diverged-runs')).toBe(1);
    expect(findings.find(({ code }) => code === 'diverged-runs')?.items).toEqual(['c: loss NaN, after 1500 tokens']);
    await expectRefusal(bimixMetrics, [broken], {
      code: 'missing-losses',
      message: /every run diverged \("c": loss NaN/,
    });
  });

  test('takes two attempts at one run as one', async () => {
    const first = metrics('runs/a/1/metrics.jsonl', headerOf('a', { web: 0.8, code: 0.2 }), [evaluation(1000, 4, 3)]);
    const { table, findings } = await imported(bimixMetrics, [first, A]);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000]);
    expect(countOf(findings, 'merged-rows')).toBe(1);
  });

  test('refuses two trainings of one name, damaged lines, other units and other files', async () => {
    const other = metrics('runs/a2/metrics.jsonl', headerOf('a', { web: 0.8, code: 0.2 }, 'x'), [
      evaluation(1000, 4, 3),
    ]);
    await expectRefusal(bimixMetrics, [A, other], {
      code: 'ambiguous-run',
      message: /"a": runs\/a2\/metrics.jsonl:1 has another training/,
      where: { file: 'runs/a/metrics.jsonl', line: 1 },
    });
    const cut = fileOf('a.jsonl', A.text().slice(0, -20));
    await expectRefusal(bimixMetrics, [cut], { code: 'invalid-json', message: /ends too early/, where: { line: 3 } });
    const text = fileOf('a.jsonl', A.text().replace('"tokens":1000', '"tokens":"many"'));
    await expectRefusal(bimixMetrics, [text], {
      code: 'invalid-metrics',
      message: /^invalid metrics/,
      where: { line: 2 },
    });
    const newer = fileOf('a.jsonl', A.text().replace('"schemaVersion":1', '"schemaVersion":2'));
    await expectRefusal(bimixMetrics, [newer], {
      code: 'invalid-metrics',
      message: /schemaVersion/,
      where: { line: 1 },
    });
    await expectRefusal(bimixMetrics, [A], { code: 'invalid-unit', message: /bits/ }, { lossUnit: 'bits' });
    const table = fileOf('m.csv', ['run,web', 'a,1']);
    await expectRefusal(bimixMetrics, [A, table], { code: 'missing-log', message: /m.csv/ });
  });
});
