import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported, type Refusal } from '../../test/importing.ts';
import { olmix } from './olmix.ts';

const RATIOS = [
  ',run,name,index,dclm:science,stack-edu,arxiv',
  '0,a1b2,swarm-0,0,0.7,0.2,0.1',
  '1,c3d4,swarm-1,1,0.1,0.6,0.3',
  '2,e5f6,swarm-2,2,0.3,0.3,0.4',
];
const METRICS = [
  'Unnamed: 0,run,name,index,mmlu_bpb,arxiv',
  '0,e5f6,swarm-2,2,1.31,0.8',
  '1,a1b2,swarm-0,0,1.25,0.9',
  '2,c3d4,swarm-1,1,1.42,',
];
type Content = readonly string[] | string | Uint8Array;
const pair = (ratios: Content = RATIOS, metrics: Content = METRICS) => [
  fileOf('swarm/ratios.csv', ratios),
  fileOf('swarm/metrics.csv', metrics),
];
const renamed = (lines: readonly string[]) => lines.map((line, i) => (i === 0 ? line.replace('run', 'run_id') : line));

describe('the olmix importer', () => {
  test('recognizes the pair by names and the run column', async () => {
    expect(await olmix.detect(pair())).toMatchObject({ confidence: 'certain' });
    expect(await olmix.detect(pair().reverse())).toMatchObject({ confidence: 'certain' });
    expect(await olmix.detect(pair(renamed(RATIOS), renamed(METRICS)))).toMatchObject({ confidence: 'certain' });
    expect(await olmix.detect(pair().slice(1))).toBe(false);
    expect(await olmix.detect(pair(), { columns: { run: 'name' } })).toBe(false);
    expect(await olmix.detect([fileOf('a.csv', RATIOS), fileOf('b.csv', METRICS)])).toBe(false);
    expect(await olmix.detect(pair(['domain,share', 'a,1'], METRICS))).toBe(false);
  });

  test('joins by run and takes every other column as a domain or a metric', async () => {
    const { table, findings } = await imported(olmix, pair().reverse());
    expect(table.runs.map(({ name }) => name)).toEqual(['a1b2', 'c3d4', 'e5f6']);
    expect(table.trainingDomains).toEqual(['dclm:science', 'stack-edu', 'arxiv']);
    expect(table.evaluationDomains).toEqual(['mmlu_bpb', 'arxiv']);
    expect(Array.from(table.ownDomain)).toEqual([-1, 2]);
    expect(Array.from(table.mixtures)).toEqual([0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.3, 0.3, 0.4]);
    expect(Array.from(table.losses)).toEqual([1.25, 0.9, 1.42, Number.NaN, 1.31, 0.8]);
    expect(table.volumeUnit).toBe('none');
    expect(countOf(findings, 'ignored-columns')).toBe(6);
    expect(countOf(findings, 'missing-losses')).toBe(1);
  });

  test('joins by run_id, by either, and by the one both have when there are two', async () => {
    const { table } = await imported(olmix, pair());
    expect((await imported(olmix, pair(renamed(RATIOS), renamed(METRICS)))).table).toEqual(table);
    expect((await imported(olmix, pair(RATIOS, renamed(METRICS)))).table).toEqual(table);
    const both = RATIOS.map((line, i) => `${i === 0 ? 'run_id' : `x${i}`},${line}`);
    expect((await imported(olmix, pair(both, METRICS))).table).toEqual(table);
  });

  test('takes metrics as bits per byte, and `<domain>_bpb` as measured on that domain', async () => {
    const { table } = await imported(
      olmix,
      pair(RATIOS, [METRICS[0].replace(',arxiv', ',arxiv_bpb'), ...METRICS.slice(1)]),
    );
    expect(table.metrics).toEqual({ mmlu_bpb: 'bits per byte', arxiv_bpb: 'bits per byte' });
    expect(Array.from(table.ownDomain)).toEqual([-1, 2]);
    const nats = await imported(olmix, pair(), { bytesPerToken: { arxiv: 4 } });
    expect(nats.table.metrics).toEqual({ mmlu_bpb: 'bits per byte' });
    expect(nats.table.losses[1]).toBeCloseTo(0.9 * 4 * Math.LN2, 12);
    expect((await imported(olmix, pair(), { lossUnit: 'nats' })).table.metrics).toBeUndefined();
  });

  test('says that it took metrics as bits per byte, unless told the unit', async () => {
    expect(countOf((await imported(olmix, pair())).findings, 'assumed-unit')).toBe(2);
    expect(countOf((await imported(olmix, pair(), { lossUnit: 'nats' })).findings, 'assumed-unit')).toBe(0);
  });

  test('drops and lists runs that only one file has', async () => {
    const { table, findings } = await imported(
      olmix,
      pair([...RATIOS, '3,g7,s,3,1,0,0'], [...METRICS, '3,h8,s,3,1,1']),
    );
    expect(table.runs).toHaveLength(3);
    expect(countOf(findings, 'unmatched-runs')).toBe(2);
  });

  test('reads a byte order mark and CRLF as if they were not there', async () => {
    const windows = (lines: readonly string[]) => `\uFEFF${lines.join('\r\n')}\r\n`;
    const { table } = await imported(olmix, pair(windows(RATIOS), windows(METRICS)));
    expect(table).toEqual((await imported(olmix, pair())).table);
  });
});

const BROKEN: Record<string, Refusal & { ratios?: Content; metrics?: Content }> = {
  'empty ratios': { ratios: '', code: 'invalid-table', message: /empty/, where: { file: 'swarm/ratios.csv' } },
  'metrics with a header alone': {
    metrics: [METRICS[0]],
    code: 'invalid-table',
    message: /no rows/,
    where: { file: 'swarm/metrics.csv' },
  },
  'no run column': {
    metrics: METRICS.map(line => line.replace('run', 'model')),
    code: 'missing-column',
    message: /"run" or "run_id"/,
    where: { file: 'swarm/metrics.csv', line: 1 },
  },
  'a column twice': {
    ratios: [RATIOS[0].replace('stack-edu', 'arxiv'), ...RATIOS.slice(1)],
    code: 'invalid-table',
    message: /columns 6 and 7 are both called "arxiv"/,
  },
  'no domain': {
    ratios: ['run,name', 'a1b2,x'],
    code: 'missing-domains',
    message: /training domains/,
  },
  'no metric': { metrics: ['run,name', 'a1b2,x'], code: 'missing-domains', message: /evaluation domains/ },
  'a run without a name': {
    ratios: [...RATIOS, '3,,s,3,1,0,0'],
    code: 'missing-value',
    message: /"run"/,
    where: { file: 'swarm/ratios.csv', line: 5, column: 3 },
  },
  'a run with two mixtures': {
    ratios: [...RATIOS, '3,a1b2,s,3,1,0,0'],
    code: 'ambiguous-run',
    message: /"a1b2".*swarm\/ratios.csv:2/,
    where: { line: 5 },
  },
  'a run with two different rows of metrics': {
    metrics: [...METRICS, '3,a1b2,s,3,1,1'],
    code: 'missing-volume',
    message: /run "a1b2" has 2 rows/,
    where: { file: 'swarm/metrics.csv', line: 5 },
  },
  'no run in common': {
    metrics: [METRICS[0], '0,zz,s,0,1,1'],
    code: 'missing-runs',
    message: /no run of swarm\/ratios.csv/,
    where: { file: 'swarm/metrics.csv', line: 2 },
  },
  'text in a metric': {
    metrics: [...METRICS, '3,g7,s,3,high,1'],
    code: 'invalid-number',
    message: /"high" in column "mmlu_bpb"/,
    where: { line: 5, column: 10 },
  },
  'text in a ratio': {
    ratios: [RATIOS[0], '0,a1b2,s,0,0.7,0.2,1/10'],
    code: 'invalid-number',
    message: /"1\/10" in column "arxiv"/,
    where: { file: 'swarm/ratios.csv', line: 2, column: 20 },
  },
  'ratios that sum to 0.9': {
    ratios: [RATIOS[0], '0,a1b2,s,0,0.7,0.2,0.0'],
    code: 'invalid-mixture',
    message: /"a1b2": proportions sum to 0.9/,
    where: { file: 'swarm/ratios.csv', line: 2 },
  },
  'ratios that sum to 1.3': {
    ratios: [RATIOS[0], '0,a1b2,s,0,0.7,0.2,0.4'],
    code: 'invalid-mixture',
    message: /sum to 1.3/,
    where: { line: 2 },
  },
  'a NaN ratio': {
    ratios: [RATIOS[0], '0,a1b2,s,0,0.7,0.2,nan'],
    code: 'missing-share',
    message: /share of "arxiv"/,
    where: { line: 2 },
  },
  'a negative metric': {
    metrics: [METRICS[0], '0,a1b2,s,0,-1,1'],
    code: 'invalid-metric',
    message: /-1 of "mmlu_bpb"/,
    where: { file: 'swarm/metrics.csv', line: 2 },
  },
  'a row cut short': {
    metrics: [...METRICS, '3,g7,s'],
    code: 'invalid-table',
    message: /3 columns/,
    where: { line: 5 },
  },
  'a huge line': { metrics: [...METRICS, 'x'.repeat(2_000_000)], code: 'invalid-table', message: /longer than/ },
  'binary data': { ratios: new Uint8Array([0x72, 0, 1]), code: 'invalid-text', message: /binary/, where: { byte: 1 } },
};

describe('the olmix importer refuses', () => {
  test.for(Object.entries(BROKEN))('%s', async ([, { ratios, metrics, ...refusal }]) => {
    await expectRefusal(olmix, pair(ratios, metrics), refusal);
  });

  test('anything but a pair of ratios and metrics', async () => {
    const refusal = { code: 'invalid-pair', message: /expected one table of ratios and one of metrics/ };
    await expectRefusal(olmix, pair().slice(1), refusal);
    await expectRefusal(olmix, [...pair(), fileOf('more.csv', METRICS)], refusal);
    await expectRefusal(olmix, [fileOf('a.csv', RATIOS), fileOf('b.csv', METRICS)], refusal);
  });
});
