/** Logs as people really have them, of test/field-files. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { countOf } from '../../test/importing.ts';
import { type ImportedRuns, importRuns } from './import-runs.ts';
import type { ImportOptions } from './importer.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../test/field-files');

async function importCase(name: string, options: ImportOptions = {}): Promise<ImportedRuns> {
  const entries = await readdir(path.join(FOLDER, name), { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
  return importRuns(files.sort(), options);
}

/** Run, volume and losses of each checkpoint. */
function checkpoints({ table }: ImportedRuns): (string | number)[][] {
  const k = table.evaluationDomains.length;
  return Array.from(table.rowVolume, (volume, row) => [
    table.runs[table.rowRun[row]].name,
    volume,
    ...Array.from(table.losses.slice(row * k, (row + 1) * k), loss => Number(loss.toFixed(12))),
  ]);
}

/** The same two runs in many logs. */
const TWO_RUNS = [
  ['small-1', 1000, 3.5, 1.8],
  ['small-1', 2000, 3.4, 1.7],
  ['small-2', 1000, 3.6, 1.7],
  ['small-2', 2000, 3.5, 1.6],
];
const FOUR_LOSSES = [
  ['small-1', 1000, 3.6, 1.95],
  ['small-1', 2000, 3.4, 1.75],
  ['small-2', 1000, 3.72, 1.74],
  ['small-2', 2000, 3.52, 1.54],
];

describe('logs from the field', () => {
  test.for(['megatron-bigscience-names', 'megatron-valid-prefix', 'megatron-nul-bytes'])('%s', async name => {
    const runs = await importCase(name);
    expect(runs.format).toBe('megatron');
    expect(runs.table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(runs.table.mixtures)).toEqual([0.8, 0.2, 0.5, 0.5]);
    expect(checkpoints(runs)).toEqual(TWO_RUNS);
    expect(countOf(runs.findings, 'stray-bytes')).toBe(name === 'megatron-nul-bytes' ? 2 : 0);
  });

  test('composer-console', async () => {
    const runs = await importCase('composer-console');
    expect(runs.format).toBe('composer');
    expect(runs.table.evaluationDomains).toEqual(['web', 'code']);
    expect(checkpoints(runs)).toEqual(FOUR_LOSSES);
  });

  test('wandb-nested-jsonl', async () => {
    const runs = await importCase('wandb-nested-jsonl');
    expect(runs.format).toBe('wandb');
    expect(runs.table.evaluationDomains).toEqual(['web', 'code']);
    expect(checkpoints(runs)).toEqual(FOUR_LOSSES);
  });

  test('tensorboard-ui-csv', async () => {
    const runs = await importCase('tensorboard-ui-csv');
    expect(runs.format).toBe('tensorboard');
    expect([...runs.table.evaluationDomains].sort()).toEqual(['code', 'web']);
    const order = ['web', 'code'].map(domain => runs.table.evaluationDomains.indexOf(domain) + 2);
    const inOrder = checkpoints(runs).map(row => [row[0], row[1], row[order[0]], row[order[1]]]);
    expect(inOrder).toEqual(TWO_RUNS);
  });

  test('lm-eval-v03', async () => {
    const runs = await importCase('lm-eval-v03');
    expect(runs.format).toBe('lm-eval');
    expect(runs.table.evaluationDomains).toEqual(['hellaswag/acc', 'hellaswag/acc_norm', 'pile_github/bits_per_byte']);
    expect(checkpoints(runs)).toEqual([
      ['small-1', 2000, 0.59, 0.48, 0.81],
      ['small-2', 2000, 0.62, 0.52, 0.7],
    ]);
  });

  test('marin-tracker-metrics', async () => {
    const runs = await importCase('marin-tracker-metrics');
    expect(runs.format).toBe('levanter');
    expect(runs.table.volumeUnit).toBe('tokens');
    expect(runs.table.evaluationDomains).toEqual(['paloma/c4_en', 'paloma/dolma_100_programing_languages']);
    expect(checkpoints(runs)).toEqual([
      ['small-1', 8e6, 3.4, 1.75],
      ['small-2', 8e6, 3.52, 1.54],
    ]);
  });

  test('wandb-runs-table: a run that crashed before its first evaluation is dropped and counted', async () => {
    const runs = await importCase('wandb-runs-table');
    expect(runs.table.runs).toEqual([
      { name: 'small-1', size: 70e6 },
      { name: 'small-2', size: 70e6 },
    ]);
    expect(checkpoints(runs)).toEqual([
      ['small-1', 2000, 3.4, 1.75],
      ['small-2', 2000, 3.52, 1.54],
    ]);
    expect(countOf(runs.findings, 'no-losses')).toBe(1);
  });

  test('neox-log is refused, as any log with one loss over everything', async () => {
    await expect(importCase('neox-log')).rejects.toMatchObject({
      code: 'missing-domains',
      message: expect.stringContaining('only one loss over all validation data'),
    });
  });
});
