import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultTraining } from './default-training.ts';
import type { EmbeddedTrainer } from './project.ts';
import { readProxyLosses } from './proxy-losses.ts';
import { formatMetrics, type RunMetrics } from './run-metrics.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-losses-'));
afterAll(() => rmSync(folder, { recursive: true }));

const training = defaultTraining('0.06M');
const trainer: EmbeddedTrainer = {
  ...{ kind: 'embedded', tokens: 2000, evaluations: 2, validationTokens: 100, sequences: training.sequences },
  model: { ...training.model },
  optimizer: { ...training.optimizer },
  learningRate: { ...training.learningRate },
};
const run = { name: 'a', id: 'a', weights: { web: 1 }, tokens: 2000, seed: 0, tokensAvailable: null };
const header = {
  ...{ run: 'a', hash: '9f2c', weights: { web: 1 }, tokens: 2000, seed: 0, parameters: 1000, domains: ['web'] },
  ...{ model: training.model, validationTokens: { web: 100 } },
};
const evaluations = [1000, 2048].map(tokens => ({
  ...{ tokens, losses: { web: 3000 / tokens }, trainingLoss: 3, drawn: { web: tokens } },
}));

function read(metrics: RunMetrics, isDone: boolean) {
  writeFileSync(path.join(folder, 'metrics.jsonl'), formatMetrics(metrics));
  return readProxyLosses(trainer, run, folder, isDone);
}

describe('the losses of a run that bimix trained', () => {
  test('are those of its metrics', async () => {
    const { checkpoints, size, shares, diverged } = await read({ header, evaluations, diverged: null }, true);
    expect(checkpoints.map(({ volume, losses }) => [volume, losses.web])).toEqual([
      [1000, 3],
      [2048, 3000 / 2048],
    ]);
    expect([size, shares, diverged]).toEqual([1000, { web: 1 }, null]);
  });

  test('must reach the end of a run that is done, but for one that diverged', async () => {
    const cut = { header, evaluations: evaluations.slice(0, 1), diverged: null };
    expect((await read(cut, false)).checkpoints).toHaveLength(1);
    await expect(read(cut, true)).rejects.toMatchObject({
      code: 'invalid-metrics',
      message: expect.stringContaining('the run is done, and they end at 1000 of 2000 tokens'),
    });
    const diverged = { tokens: 1500, reason: 'the loss is not a finite number' };
    expect((await read({ ...cut, diverged }, true)).diverged).toBe(diverged.reason);
  });
});
