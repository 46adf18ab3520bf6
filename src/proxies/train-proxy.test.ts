import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type BigramOptions, bigramEngine } from '../../test/bigram-engine.ts';
import { smallRun, wordDocuments, wordDomains, writeDocuments } from '../../test/proxy-text.ts';
import type { ProxyRun } from './proxy-run.ts';
import { readRunMetrics, readRunResult } from './run-metrics.ts';
import { readRunProgress } from './run-progress.ts';
import { type TrainingOutcome, trainProxy } from './train-proxy.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const domains = wordDomains(path.join(folder, 'text'));
let folders = 0;

interface Place {
  readonly out: string;
  readonly task: string;
}

function newPlace(): Place {
  const root = path.join(folder, `run-${folders++}`);
  for (const name of ['out', 'task']) mkdirSync(path.join(root, name), { recursive: true });
  return { out: path.join(root, 'out'), task: path.join(root, 'task') };
}

/** Trains until so many tokens, or to the end. */
function train(run: ProxyRun, place: Place, stopAt = Number.POSITIVE_INFINITY, options: BigramOptions = {}) {
  const stop = new AbortController();
  return trainProxy(run, {
    ...place,
    createEngine: bigramEngine(options),
    signal: stop.signal,
    onProgress: ({ tokens }) => {
      if (tokens >= stopAt) stop.abort();
    },
  });
}

function bytesOf({ out }: Place): readonly [string, string] {
  return [readFileSync(path.join(out, 'metrics.jsonl'), 'utf8'), readFileSync(path.join(out, 'result.json'), 'utf8')];
}

const run = smallRun(domains);
const undisturbed = newPlace();
const outcome = await train(run, undisturbed);

function resultOf(trained: TrainingOutcome) {
  if (trained.state !== 'done') throw new Error('the run is not done');
  return trained.result;
}

describe('a run', () => {
  test('takes the loss of every domain at every point, drawn from or not', async () => {
    const { header, evaluations, diverged } = await readRunMetrics(undisturbed.out);
    expect(header).toMatchObject({ run: 'small', tokens: 7680, seed: 1, domains: ['prose', 'code', 'sums'] });
    expect(evaluations.map(({ tokens }) => tokens)).toEqual(run.evaluation.at);
    for (const { losses } of evaluations) expect(Object.keys(losses)).toEqual(header.domains);
    expect(evaluations[3].losses.prose).toBeLessThan(evaluations[0].losses.prose);
    expect(header.validationTokens).toEqual({ prose: 512, code: 512, sums: 512 });
    expect(diverged).toBeNull();
  });

  test('draws the shares it was asked for, and nothing of a domain without one', async () => {
    const result = resultOf(outcome);
    expect(result).toEqual(await readRunResult(undisturbed.out));
    expect(Math.abs(result.drawn.prose - 0.55 * 7680)).toBeLessThanOrEqual(32);
    expect(Math.abs(result.drawn.code - 0.45 * 7680)).toBeLessThanOrEqual(32);
    expect(result.drawn.sums).toBe(0);
    expect(result.shares.prose).toBe(result.drawn.prose / 7680);
    expect(result.epochs.code).toBe(result.drawn.code / result.available.code);
    expect(Object.keys(result.epochs)).toEqual(['prose', 'code']);
  });

  test('leaves its progress and no checkpoint', async () => {
    expect(await readRunProgress(undisturbed.task)).toMatchObject({ tokens: 7680, of: 7680, secondsLeft: 0 });
    expect(existsSync(path.join(undisturbed.task, 'checkpoint.bin'))).toBe(false);
  });

  test.each(['', 'null', '{"tokens":', '{"tokens":1e999}', '{"tokens":"many"}'])(
    'has no progress in %j',
    async text => {
      const { task } = newPlace();
      writeFileSync(path.join(task, 'progress.json'), text);
      expect(await readRunProgress(task)).toBeNull();
    },
  );

  test('ends with the step that reaches its tokens, and says how many they were', async () => {
    const uneven = smallRun(domains, { tokens: 1000, evaluation: { at: [300, 1000], tokens: 256 } });
    const place = newPlace();
    expect(resultOf(await train(uneven, place))).toMatchObject({ tokens: 1024, steps: 8 });
    expect((await readRunMetrics(place.out)).evaluations.map(({ tokens }) => tokens)).toEqual([384, 1024]);
  });

  test('leaves the same bytes a second time, other ones with another seed', async () => {
    const again = newPlace();
    await train(run, again);
    expect(bytesOf(again)).toEqual(bytesOf(undisturbed));
    const other = newPlace();
    await train(smallRun(domains, { seed: 2 }), other);
    expect(bytesOf(other)).not.toEqual(bytesOf(undisturbed));
  });
});

describe('a stopped run', () => {
  test.each([128, 1280, 3200, 7552])('stopped at %i tokens goes on to the same bytes', async tokens => {
    const place = newPlace();
    expect(await train(run, place, tokens)).toEqual({ state: 'stopped', tokens });
    expect(existsSync(path.join(place.out, 'result.json'))).toBe(false);
    const elsewhere = { ...newPlace(), task: place.task };
    await train(run, elsewhere);
    expect(bytesOf(elsewhere)).toEqual(bytesOf(undisturbed));
  });

  test('stopped again and again, after every step, it goes on to the same bytes', async () => {
    const place = newPlace();
    for (let tokens = 128; tokens < 7680; tokens += 128) await train(run, place, tokens);
    await train(run, place);
    expect(bytesOf(place)).toEqual(bytesOf(undisturbed));
  });

  test('does not go on with other text or settings', async () => {
    const place = newPlace();
    await train(run, place, 1280);
    const changed = [
      smallRun(domains, { weights: { prose: 0.5, code: 0.5 } }),
      smallRun(domains.toSpliced(1, 1, { ...domains[1], train: domains[2].train })),
    ];
    for (const other of changed) {
      await expect(train(other, place)).rejects.toMatchObject({ code: 'invalid-checkpoint' });
    }
    await expect(train(smallRun(domains, { name: 'renamed' }), place)).resolves.toMatchObject({ state: 'done' });
  });

  test('does not go on from a damaged checkpoint', async () => {
    const place = newPlace();
    await train(run, place, 1280);
    const file = path.join(place.task, 'checkpoint.bin');
    const bytes = readFileSync(file);
    for (const damaged of [bytes.subarray(0, -1), bytes.subarray(0, 20), bytes.with(bytes.length >> 1, 1)]) {
      writeFileSync(file, damaged);
      await expect(train(run, place)).rejects.toMatchObject({ code: 'invalid-checkpoint' });
    }
  });
});

describe('a run that diverges', () => {
  test('by a loss that is not a number ends there and says so', async () => {
    const place = newPlace();
    const lossOfStep = (step: number, loss: number) => (step === 29 ? Number.NaN : loss);
    const result = resultOf(await train(run, place, undefined, { lossOfStep }));
    expect(result).toMatchObject({ tokens: 3840, steps: 30, losses: null, trainingLoss: null });
    expect(result.diverged).toMatchObject({ tokens: 3840, reason: expect.stringContaining('finite') });
    const { evaluations, diverged } = await readRunMetrics(place.out);
    expect(evaluations.map(({ tokens }) => tokens)).toEqual([1280, 2560]);
    expect(diverged).toEqual(result.diverged);
    expect(await readRunResult(place.out)).toEqual(result);
  });

  test('by a loss that rises and stays does too', async () => {
    const long = smallRun(domains, { tokens: 128 * 160, evaluation: { at: [128 * 160], tokens: 256 } });
    const lossOfStep = (step: number, loss: number) => loss + (step > 40 ? 4 : 0);
    const result = resultOf(await train(long, newPlace(), undefined, { lossOfStep }));
    expect(result.diverged?.reason).toContain('above its lowest');
    expect(result.tokens).toBeLessThan(128 * 160);
  });
});

describe('tokens available', () => {
  const available = { prose: 700, code: 500, sums: 100 };
  const repeated = smallRun(domains, { tokensAvailable: available });

  test('are all that a domain gives, however often', async () => {
    const result = resultOf(await train(repeated, newPlace()));
    expect(result.available).toEqual({ prose: 700, code: 500 });
    expect(result.epochs.prose).toBeCloseTo((0.55 * 7680) / 700, 1);
  });

  test('beyond what there is leave what there is', async () => {
    const place = newPlace();
    const plenty = smallRun(domains, { tokensAvailable: { prose: 1e9 } });
    expect(resultOf(await train(plenty, place)).losses).toEqual(resultOf(outcome).losses);
  });
});

describe('a run is refused', () => {
  test('when a file is trained on and judged by', async () => {
    const leaking = smallRun(domains.toSpliced(1, 1, { ...domains[1], validation: domains[0].train }));
    await expect(train(leaking, newPlace())).rejects.toMatchObject({
      code: 'invalid-run',
      message: expect.stringMatching(/training text of "prose" and validation text of "code"/),
    });
  });

  test('when a domain has less validation text than a sequence', async () => {
    const validation = [writeDocuments(path.join(folder, 'short.jsonl'), wordDocuments('prose', 1, 1, 3))];
    const short = smallRun(domains.toSpliced(2, 1, { ...domains[2], validation }));
    await expect(train(short, newPlace())).rejects.toMatchObject({ code: 'invalid-domain' });
  });

  test('when its vocabulary is not the tokenizer’s', async () => {
    const { model } = run;
    const other = smallRun(domains, { model: { ...model, vocabulary: 512 } });
    await expect(train(other, newPlace())).rejects.toThrow(/vocabulary is 512, the tokenizer has 256/);
  });
});

test('merges can stand in for bytes', async () => {
  const merged = smallRun(domains, {
    tokenizer: { kind: 'bpe', merges: [0x74, 0x68, 256, 0x65] },
    model: { ...run.model, vocabulary: 259 },
  });
  expect(resultOf(await train(merged, newPlace())).losses).not.toEqual(resultOf(outcome).losses);
});
