import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatRuns } from '../src/observations/index.ts';
import { invoke } from './invoke.ts';
import { simulateSizes, TRUE_TRANSFER_SIZE } from './simulated-sizes.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-scale-'));
  const noise = { rowNoise: 0.002, runNoise: 0.002 };
  const table = simulateSizes(TRUE_TRANSFER_SIZE, [100e6, 300e6, 800e6], { runs: 10, ...noise });
  await writeFile(at('runs.jsonl'), formatRuns(table));
  await writeFile(
    at('few.jsonl'),
    formatRuns(simulateSizes(TRUE_TRANSFER_SIZE, [800e6], { runs: 4, seed: 9, ...noise })),
  );
  await writeFile(at('mix.yaml'), 'web: 0.5\ncode: 0.2\nbooks: 0.3\n');
  const small = ['--law', 'bimix-transfer', '--where', 'size=100M'];
  expect((await invoke('fit', at('runs.jsonl'), ...small, '-o', at('small.json'))).code).toBe(0);
  const sized = ['--law', 'bimix-transfer-size', '-o', at('law.json')];
  expect((await invoke('fit', at('runs.jsonl'), ...sized)).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

const BIG = ['--where', 'size=800M'];

describe('with a prior', () => {
  test('fit takes its law and says what the prior gained on which runs', async () => {
    const { code, out } = await invoke('fit', at('few.jsonl'), '--prior', at('small.json'));
    expect(code).toBe(0);
    expect(out).toContain('BiMix with transfer');
    expect(out).toMatch(
      /Prior: bimix-transfer on 10 runs of 100M parameters\. MRE on these 4 runs held out one run at a time: [\d.]+ % with it, [\d.]+ % without\./,
    );
    const { out: json } = await invoke('fit', at('few.jsonl'), '--prior', at('small.json'), '--json');
    const { prior } = JSON.parse(json).settings;
    expect(prior).toMatchObject({ law: 'bimix-transfer', size: 100e6, runs: 10, heldOut: { folds: 4 } });
    expect(prior.heldOut.mre).toBeLessThan(prior.heldOut.mreWithout);
  });

  test('fit of one run says when the gain will show', async () => {
    const one = [...BIG, '--where', 'run=r000'];
    const { out } = await invoke('fit', at('runs.jsonl'), ...one, '--prior', at('small.json'));
    expect(out).toContain('What it gains shows from three runs on');
  });

  test('evaluate puts the law with it beside the law without', async () => {
    const { code, out } = await invoke(
      ...['evaluate', at('runs.jsonl'), ...BIG, '--prior', at('small.json'), '--split', 'draw:1', '--json'],
    );
    expect(code).toBe(0);
    const { laws } = JSON.parse(out);
    expect(laws.map(({ law }: { law: string }) => law)).toEqual(['bimix-transfer, prior', 'bimix-transfer']);
    expect(laws[0].mean.mre).toBeLessThan(0.01);
    expect(laws[1].mean.mre).toBeGreaterThan(5 * laws[0].mean.mre);
  });

  test('a prior of another law or of several sizes is refused', async () => {
    const prior = ['--prior', at('small.json')];
    const other = await invoke('evaluate', at('runs.jsonl'), ...BIG, '--law', 'bimix', ...prior);
    expect(other.code).toBe(1);
    expect(other.err).toContain(
      'invalid prior: it is a fit of bimix-transfer, which is not among the laws to evaluate',
    );
    await invoke('fit', at('runs.jsonl'), '--law', 'bimix-transfer', '-o', at('three.json'));
    const several = await invoke('fit', at('runs.jsonl'), ...BIG, '--prior', at('three.json'));
    expect(several.err).toContain('ambiguous prior: the law file has 100M, 300M, 800M');
  });
});

describe('a law that knows sizes', () => {
  test('is fitted to all at once', async () => {
    const { out } = await invoke('fit', at('runs.jsonl'), '--law', 'bimix-transfer-size');
    expect(out).toContain('Fitted on 30 runs of 100M, 300M and 800M parameters');
    expect(out).toContain('n = N / 800M parameters');
  });

  test('predicts an unseen size from smaller ones, beside laws carried over', async () => {
    const { out } = await invoke(
      ...[
        'evaluate',
        at('runs.jsonl'),
        '--law',
        'bimix-transfer-size,bimix-transfer',
        '--split',
        'size:800M',
        '--json',
      ],
    );
    const { laws, baselines, meaning } = JSON.parse(out);
    expect(meaning).toBe('runs of 800M parameters, from those of 100M, 300M');
    expect(laws.map(({ law }: { law: string }) => law)).toEqual(['bimix-transfer-size', 'bimix-transfer, carried']);
    expect(laws[0].mean.mre).toBeLessThan(laws[1].mean.mre / 2);
    expect(baselines.map(({ law }: { law: string }) => law)).toEqual(['mean, carried', 'nearest, carried']);
  });

  test('predicts at --size, and says when that is beyond its runs', async () => {
    const predict = ['predict', at('law.json'), '--mixture', at('mix.yaml'), '--tokens', '10B'];
    const largest = await invoke(...predict, '--json');
    const beyond = await invoke(...predict, '--size', '3B', '--json');
    expect(JSON.parse(beyond.out).mean).toBeLessThan(JSON.parse(largest.out).mean);
    const codes = (text: string) => JSON.parse(text).warnings.map(({ code }: { code: string }) => code);
    expect(codes(largest.out)).not.toContain('size-beyond-runs');
    expect(codes(beyond.out)).toContain('size-beyond-runs');
    const { out } = await invoke(...predict, '--size', '3B');
    expect(out).toContain('at 10B tokens, 3B parameters');
    expect(out).toContain('fitted on 30 runs of 100M, 300M and 800M parameters');
    expect(out).toContain('believe the ranking of mixtures, not the losses');
  });

  test('is optimized at --size, with the same warning', async () => {
    const { code, out } = await invoke('optimize', at('law.json'), '--tokens', '20B', '--size', '3B');
    expect(code).toBe(0);
    expect(out).toContain('Best mixture at 20B tokens, 3B parameters');
    expect(out).toContain('believe the ranking of mixtures, not the losses');
  });
});

test('a law of one size says how to get another', async () => {
  const asked = ['--mixture', at('mix.yaml'), '--tokens', '10B', '--size', '3B'];
  const { code, err } = await invoke('predict', at('small.json'), ...asked);
  expect(code).toBe(1);
  expect(err).toContain('unknown model size 3B: the law file has 100M');
  expect(err).toContain('--law bimix-transfer-size, or a few runs of that size with --prior');
});
