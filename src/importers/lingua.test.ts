import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import type { InputFile } from '../files/index.ts';
import { lingua } from './lingua.ts';
import { lmEval } from './lm-eval.ts';
import { wandb } from './wandb.ts';

const MIXTURES = fileOf('sweep.csv', ['run,weight_web,weight_code', 'small-1,0.8,0.2', 'small-2,0.5,0.5']);

type Evaluation = readonly [step: number, web: number, code: number];

/** As `apps/main/eval.py` of Lingua writes a source, with its signs. */
const source = (loss: number, tokens = 100): object => ({
  nll: -loss * tokens,
  nll_per_token: -loss - 0.25,
  nll_per_char: -loss / 4,
  avg_seqlen: tokens,
});

const validation = (run: string, evaluations: readonly Evaluation[]): InputFile =>
  fileOf(
    `${run}/metrics.validation.jsonl`,
    evaluations.map(([global_step, web, code]) =>
      JSON.stringify({ created_at: '2026-03-01T10:00:00', global_step, web: source(web), code: source(code) }),
    ),
  );

/** As the training writes it, 512 tokens a step. */
const training = (run: string, steps: readonly number[], tokens = 512): InputFile =>
  fileOf(
    `${run}/metrics.jsonl`,
    steps.flatMap(global_step =>
      [0, 1].map(acc_step =>
        JSON.stringify({
          global_step,
          acc_step,
          'optim/total_tokens': (global_step + acc_step / 2) * tokens,
          'loss/out': 3.2,
          created_at: '2026-03-01T09:00:00+00:00',
        }),
      ),
    ),
  );

const SMALL_1 = validation('runs/small-1', [
  [1000, 4, 3],
  [2000, 3.5, 2.5],
]);
const SMALL_2 = validation('runs/small-2', [[1000, 4.25, 2.75]]);

describe('the Lingua importer', () => {
  test('reads the loss of each source by step: mean over tokens, without the sign of a log-likelihood', async () => {
    expect(lingua.detect([SMALL_1, MIXTURES])).toMatchObject({ confidence: 'certain' });
    expect(lingua.detect([MIXTURES])).toBe(false);
    expect(lmEval.detect([SMALL_1])).toBe(false);
    expect(await wandb.detect([SMALL_1])).toBe(false);
    const { table, findings } = await imported(lingua, [SMALL_1, SMALL_2, MIXTURES]);
    expect(table.runs.map(({ name }) => name)).toEqual(['small-1', 'small-2']);
    expect(table.evaluationDomains).toEqual(['web', 'code']);
    expect(table.volumeUnit).toBe('steps');
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 1000]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5, 4.25, 2.75]);
    expect(countOf(findings, 'log-likelihoods')).toBe(6);
    expect(findings.filter(({ kind }) => kind !== 'note')).toEqual([]);
  });

  test('takes positive losses as they are, and the mean over documents where there is no other', async () => {
    const line = '{"created_at":"","global_step":5,"web":{"nll_per_token":3.5},"code":{"nll_per_token":NaN}}';
    const { table, findings } = await imported(lingua, [fileOf('small-1.jsonl', line), MIXTURES]);
    expect(Array.from(table.losses)).toEqual([3.5, Number.NaN]);
    expect(countOf(findings, 'log-likelihoods')).toBe(0);
    expect(countOf(findings, 'broken-losses')).toBe(1);
  });

  test('counts tokens where the training beside each run says how many a step has', async () => {
    const beside = [training('runs/small-1', [10, 20]), training('runs/small-2', [10], 1024)];
    const { table } = await imported(lingua, [SMALL_1, SMALL_2, ...beside, MIXTURES]);
    expect(table.volumeUnit).toBe('tokens');
    expect(Array.from(table.rowVolume)).toEqual([512_000, 1_024_000, 1_024_000]);
    const some = await imported(lingua, [SMALL_1, SMALL_2, beside[0], MIXTURES]);
    expect(some.table.volumeUnit).toBe('steps');
    const changing = fileOf(beside[0].path, `${beside[0].text()}${training('', [30], 600).text()}`);
    expect((await imported(lingua, [SMALL_1, changing, MIXTURES])).table.volumeUnit).toBe('steps');
  });

  test('reads validation.json of one checkpoint, the step from its folder', async () => {
    const path = 'runs/small-1/evals/0000003000/validation.json';
    const file = fileOf(path, JSON.stringify({ web: source(3), code: source(2) }));
    const { table } = await imported(lingua, [file, SMALL_1, training('runs/small-1', [1]), MIXTURES]);
    expect(Array.from(table.rowVolume)).toEqual([512_000, 1_024_000, 1_536_000]);
    const elsewhere = fileOf('small-1/validation.json', file.text());
    const refusal = {
      code: 'missing-step',
      message: /global_step/,
      where: { file: 'small-1/validation.json', line: 1 },
    };
    await expectRefusal(lingua, [elsewhere, MIXTURES], refusal);
  });

  test('reads tasks beside the losses as metrics', async () => {
    const tasks = { boolq: { alias: 'boolq', 'acc,none': 0.75, 'acc_stderr,none': 0.1, 'f1,none': 0.5 } };
    const line = JSON.stringify({ created_at: '2026-03-01T10:00:00', global_step: 1000, ...tasks });
    const { table, findings } = await imported(lingua, [
      SMALL_1,
      fileOf('runs/small-1/metrics.eval.jsonl', line),
      MIXTURES,
    ]);
    expect(table.evaluationDomains).toEqual(['web', 'code', 'boolq/acc']);
    expect(table.metrics).toEqual({ 'boolq/acc': 'error rate' });
    expect(Array.from(table.losses.slice(0, 3))).toEqual([4, 3, 0.25]);
    expect(countOf(findings, 'ignored-metrics')).toBe(1);
  });
});

describe('the Lingua importer refuses', () => {
  test('the training alone, with the way out', async () => {
    const file = training('runs/small-1', [10]);
    expect(lingua.detect([file])).toMatchObject({ confidence: 'certain' });
    const refusal = { code: 'missing-domains', message: /runs\/small-1\/metrics.jsonl: it has only "loss\/out"/ };
    await expectRefusal(lingua, [file, MIXTURES], refusal);
  });

  test('a line that is cut, text for a loss, a step that is none, other files', async () => {
    const cut = fileOf('small-1.jsonl', SMALL_1.text().slice(0, -40));
    await expectRefusal(lingua, [cut, MIXTURES], {
      code: 'invalid-json',
      message: /ends too early/,
      where: { file: 'small-1.jsonl', line: 2 },
    });
    const text = fileOf('small-1.jsonl', '{"global_step":1,"web":{"nll_per_token":"low"}}');
    await expectRefusal(lingua, [text, MIXTURES], { code: 'invalid-number', message: /"low" for "web.nll_per_token"/ });
    const step = fileOf('small-1.jsonl', '{"global_step":"1","web":{"nll_per_token":3}}');
    await expectRefusal(lingua, [step, MIXTURES], { code: 'invalid-number', message: /global_step "1"/ });
    await expectRefusal(lingua, [SMALL_1], { code: 'missing-mixtures', message: /metrics.validation.jsonl/ });
    await expectRefusal(lingua, [MIXTURES], { code: 'missing-log', message: /no metrics of Lingua/ });
  });
});
