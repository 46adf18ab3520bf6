import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import type { InputFile } from '../files/index.ts';
import { lingua } from './lingua.ts';
import { lmEval } from './lm-eval.ts';
import { olmo } from './olmo.ts';
import { trainerState } from './trainer-state.ts';
import { wandb } from './wandb.ts';

const MIXTURES = fileOf('sweep.csv', ['run,weight_web,weight_code', 'small-1,0.8,0.2', 'small-2,0.5,0.5']);

/** As OLMo-core's MetricSaverCallback writes it. */
function snapshot(path: string, tokens: number | undefined, web: number, code: number): InputFile {
  const metrics = {
    'train/CE loss': 3.3,
    'optim/total grad norm': 0.4,
    ...(tokens === undefined ? {} : { 'throughput/total tokens': tokens }),
    'eval/lm/web-validation/CE loss': web,
    'eval/lm/web-validation/PPL': Math.exp(web),
    'eval/lm/code-validation/CE loss': code,
    'eval/downstream/boolq (CE loss)': 0.7,
  };
  return fileOf(path, JSON.stringify(metrics));
}

describe('the OLMo importer', () => {
  test('reads snapshots of OLMo-core by tokens, each run called like its folder', async () => {
    const files = [
      snapshot('runs/small-1/metrics_step2000.json', 2e6, 3.5, 2.5),
      snapshot('runs/small-1/metrics_step1000.json', 1e6, 4, 3),
      snapshot('runs/small-2/metrics_step1000.json', 1e6, 4.25, 2.75),
    ];
    expect(await olmo.detect([...files, MIXTURES])).toMatchObject({ confidence: 'certain' });
    expect(await olmo.detect([MIXTURES])).toBe(false);
    for (const other of [wandb, trainerState, lmEval, lingua]) expect(await other.detect(files)).toBe(false);
    const { table, findings } = await imported(olmo, [...files, MIXTURES]);
    expect(table.runs.map(({ name }) => name)).toEqual(['small-1', 'small-2']);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(Array.from(table.ownDomain)).toEqual([0, 1]);
    expect(table.volumeUnit).toBe('tokens');
    expect(Array.from(table.rowVolume)).toEqual([1e6, 2e6, 1e6]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5, 4.25, 2.75]);
    expect(findings.filter(({ kind }) => kind !== 'note')).toEqual([]);
  });

  test('takes the step in the name of the file where the metrics do not count tokens', async () => {
    const files = [1000, 2000].map(step =>
      snapshot(`small-1/metrics_step${step}.json`, undefined, 4 - step / 4000, 3 - step / 4000),
    );
    const { table } = await imported(olmo, [...files, MIXTURES]);
    expect(table.volumeUnit).toBe('steps');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000]);
  });

  test('drops losses that a snapshot only repeats, and says when those at the end may be old', async () => {
    const files = [
      snapshot('small-1/metrics.json', 3e6, 3.4, 2.5),
      snapshot('small-1/metrics_step1000.json', 1e6, 4, 3),
      snapshot('small-1/metrics_step1500.json', 1.5e6, 4, 3),
      snapshot('small-1/metrics_step2000.json', 2e6, 3.5, 2.5),
    ];
    const { table, findings } = await imported(olmo, [...files, MIXTURES]);
    expect(Array.from(table.rowVolume)).toEqual([1e6, 2e6, 3e6]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5, 3.4, Number.NaN]);
    expect(countOf(findings, 'stale-losses')).toBe(3);
    expect(findings.find(({ code }) => code === 'stale-losses')?.items[0]).toBe(
      'web of small-1/metrics_step1500.json:1, as in small-1/metrics_step1000.json:1',
    );
    expect(countOf(findings, 'latest-losses')).toBe(1);
    const last = await imported(olmo, [...files.slice(1), snapshot('small-1/metrics.json', 3e6, 3.5, 2.5), MIXTURES]);
    expect(countOf(last.findings, 'latest-losses')).toBe(0);
  });

  test('reads tables of W&B metrics, those of OLMo too', async () => {
    const csv = fileOf('small-1.csv', [
      'throughput/total_tokens,eval/web-validation/CrossEntropyLoss,eval/code-validation/CrossEntropyLoss,learning_rate_peak',
      '1000,4,3,0.001',
      '2000,3.5,2.5,0.001',
    ]);
    const jsonl = fileOf('small-2.jsonl', [
      '{"step":1,"throughput/total tokens":1000,"eval/lm/web/CE loss":4.5,"eval/lm/code/CE loss":3.5}',
    ]);
    expect(await olmo.detect([csv, MIXTURES])).toMatchObject({ confidence: 'certain' });
    const { table } = await imported(olmo, [csv, MIXTURES]);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5]);
    const second = (await imported(olmo, [jsonl, MIXTURES])).table;
    expect(Array.from(second.losses)).toEqual([4.5, 3.5]);
  });

  test('leaves histories with _step and tables with shares of their own to other formats', async () => {
    const history = fileOf('small-1.csv', ['_step,eval/lm/web/CE loss,eval/lm/code/CE loss', '1,4,3']);
    expect(await olmo.detect([history, MIXTURES])).toBe(false);
    expect(await wandb.detect([history, MIXTURES])).toMatchObject({ confidence: 'certain' });
    const wide = fileOf('t.csv', ['step,weight_web,weight_code,eval/lm/web/CE loss,eval/lm/code/CE loss', '1,1,0,4,3']);
    expect(await olmo.detect([wide])).toBe(false);
  });
});

describe('the OLMo importer refuses', () => {
  test('the loss of training alone, with the way out', async () => {
    const file = fileOf('small-1/metrics.json', '{"train/CE loss":3.3,"throughput/total tokens":5}');
    expect(await olmo.detect([file])).toMatchObject({ confidence: 'certain' });
    const refusal = { code: 'missing-domains', message: /it has only "train\/CE loss"/ };
    await expectRefusal(olmo, [file, MIXTURES], refusal);
  });

  test('metrics at the end without a volume, a file that is cut, logs without mixtures, other files', async () => {
    const end = snapshot('small-1/metrics.json', undefined, 4, 3);
    await expectRefusal(olmo, [end, MIXTURES], { code: 'missing-volume', message: /small-1\/metrics.json/ });
    const cut = fileOf('small-1/metrics.json', end.text().slice(0, 90));
    await expectRefusal(olmo, [cut, MIXTURES], { code: 'invalid-json', message: /ends too early/ });
    const whole = snapshot('small-1/metrics.json', 5, 4, 3);
    await expectRefusal(olmo, [whole], { code: 'missing-mixtures', message: /small-1\/metrics.json/ });
    await expectRefusal(olmo, [MIXTURES], { code: 'missing-log', message: /no metrics of OLMo/ });
  });
});
