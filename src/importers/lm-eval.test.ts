import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import type { InputFile } from '../files/index.ts';
import { lmEval } from './lm-eval.ts';

const MIXTURES = fileOf('mixtures.csv', ['run,weight_web,weight_code', 'a,0.8,0.2', 'b,0.5,0.5']);

const TASKS = {
  hellaswag: { alias: 'hellaswag', 'acc,none': 0.25, 'acc_stderr,none': 0.01, 'acc_norm,none': 0.5 },
  gsm8k: { alias: 'gsm8k', 'exact_match,strict-match': 0.125, 'exact_match_stderr,strict-match': 'N/A' },
  pile_github: { alias: 'pile_github', 'word_perplexity,none': 9, 'bits_per_byte,none': 0.75 },
};

/** As the harness writes it: `results` first, then groups, configs and the model. */
function results(path: string, tasks: object = TASKS, more: object = {}): InputFile {
  const value = {
    results: tasks,
    group_subtasks: {},
    configs: {},
    versions: {},
    'n-shot': {},
    date: 1760000000.5,
    ...more,
  };
  return fileOf(path, JSON.stringify(value, null, 2));
}

describe('the lm-eval importer', () => {
  test('makes a domain of each accuracy and of bits per byte, a run of each model', async () => {
    const files = [
      results('out/ckpts__a/results_2026-03-01T10-00-00.000000.json'),
      results('out/x/results_2026-03-01T10-00-00.000000.json', TASKS, { model_name: 'org/b' }),
    ];
    expect(lmEval.detect([...files, MIXTURES])).toMatchObject({ confidence: 'certain' });
    expect(lmEval.detect([MIXTURES])).toBe(false);
    expect(lmEval.detect([fileOf('x.json', '{"results": {"a": 1}}')])).toBe(false);
    const { table, findings } = await imported(lmEval, [...files, MIXTURES]);
    expect(table.runs.map(({ name }) => name)).toEqual(['a', 'b']);
    const domains = [
      'hellaswag/acc',
      'hellaswag/acc_norm',
      'gsm8k/exact_match/strict-match',
      'pile_github/bits_per_byte',
    ];
    expect(table.evaluationDomains).toEqual(domains);
    expect(Object.values(table.metrics ?? {})).toEqual(['error rate', 'error rate', 'error rate', 'bits per byte']);
    expect(Array.from(table.losses.subarray(0, 4))).toEqual([0.75, 0.5, 0.875, 0.75]);
    expect(table.volumeUnit).toBe('none');
    expect(countOf(findings, 'ignored-metrics')).toBe(1);
  });

  test('takes the step from the checkpoint in the model or the folder, where all have one', async () => {
    const files = [
      results('out/ckpts__a__checkpoint-1000/results_1.json'),
      results('out/x/results_2.json', TASKS, { model_name: '/ckpts/a/iter_0002000' }),
      results('b/step500-unsharded/results_1.json'),
    ];
    const { table } = await imported(lmEval, [...files, MIXTURES]);
    expect(table.volumeUnit).toBe('steps');
    expect(table.runs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(Array.from(table.rowVolume)).toEqual([1000, 2000, 500]);
  });

  test('puts tasks of several files of a run together; the latest of two results counts', async () => {
    const { hellaswag, pile_github } = TASKS;
    const files = [
      results('a/results_3.json', { hellaswag: { ...hellaswag, 'acc,none': 0.5 } }, { date: 3 }),
      results('a/results_1.json', { hellaswag }, { date: 1 }),
      results('a/results_2.json', { pile_github }, { date: 2 }),
    ];
    const { table, findings } = await imported(lmEval, [...files, MIXTURES]);
    expect(Array.from(table.losses)).toEqual([0.5, 0.5, 0.75]);
    expect(countOf(findings, 'conflicting-losses')).toBe(1);
    expect(countOf(findings, 'merged-losses')).toBe(1);
  });
});

describe('results from before version 0.4', () => {
  /** Metrics without filters; nothing but the arguments says which model it was. */
  const old = (modelArgs: unknown, tasks: object = { hellaswag: { acc: 0.25, acc_stderr: 0.01 } }): InputFile =>
    fileOf(
      'out.json',
      JSON.stringify({ results: tasks, versions: { hellaswag: 0 }, config: { model_args: modelArgs } }),
    );

  test.for<[string, unknown, number | undefined]>([
    ['a path', 'pretrained=/ckpts/a/step2000,dtype=bfloat16', 2000],
    ['a path after other arguments', 'dtype=bfloat16,pretrained=/ckpts/a/checkpoint-30/', 30],
    ['a revision', 'pretrained=org/a,revision=step1000', 1000],
    ['an object', { pretrained: '/ckpts/a/global_step40' }, 40],
    ['no step', 'pretrained=org/a', undefined],
  ])('the model in its arguments: %s', async ([, modelArgs, step]) => {
    const files = [old(modelArgs), MIXTURES];
    expect(lmEval.detect(files)).toMatchObject({ confidence: 'certain' });
    const { table } = await imported(lmEval, files);
    expect(table.runs.map(({ name }) => name)).toEqual(['a']);
    expect(table.volumeUnit).toBe(step === undefined ? 'none' : 'steps');
    if (step !== undefined) expect(Array.from(table.rowVolume)).toEqual([step]);
    expect(Array.from(table.losses)).toEqual([0.75]);
  });

  test('a byte perplexity is read as bits per byte, where these are not there', async () => {
    const tasks = { pile_arxiv: { byte_perplexity: 2 }, pile_github: { byte_perplexity: 2, bits_per_byte: 0.75 } };
    const { table } = await imported(lmEval, [old('pretrained=a', tasks), MIXTURES]);
    expect(table.evaluationDomains).toEqual(['pile_arxiv/bits_per_byte', 'pile_github/bits_per_byte']);
    expect(Array.from(table.losses)).toEqual([1, 0.75]);
    expect(Object.values(table.metrics ?? {})).toEqual(['bits per byte', 'bits per byte']);
  });
});

describe('the lm-eval importer refuses', () => {
  test('a file that is cut, results without mixtures, and an accuracy in per cent', async () => {
    const whole = results('a/results_1.json');
    const cut = fileOf('a/results_1.json', whole.text().slice(0, 180));
    await expectRefusal(lmEval, [cut, MIXTURES], {
      code: 'invalid-json',
      message: /a\/results_1.json: it ends too early/,
    });
    await expectRefusal(lmEval, [whole], { code: 'missing-mixtures', message: /a\/results_1.json/ });
    const percent = results('a/results_1.json', { boolq: { 'acc,none': 61.5 } });
    await expectRefusal(lmEval, [percent, MIXTURES], { code: 'invalid-metric', message: /61.5 of "boolq\/acc"/ });
  });

  test('no metric that is read, text for a number, and files without results', async () => {
    const none = results('a/results_1.json', { lambada: { 'perplexity,none': 9 } });
    await expectRefusal(lmEval, [none, MIXTURES], { code: 'missing-metrics', message: /no task has one/ });
    const text = results('a/results_1.json', { boolq: { 'acc,none': 'high' } });
    await expectRefusal(lmEval, [text, MIXTURES], {
      code: 'invalid-number',
      message: /"high" for "acc,none" of task "boolq"/,
    });
    await expectRefusal(lmEval, [MIXTURES], { code: 'missing-log', message: /no results of lm-evaluation-harness/ });
  });
});
