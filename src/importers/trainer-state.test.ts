import { describe, expect, test } from 'vitest';
import { countOf, expectRefusal, fileOf, imported } from '../../test/importing.ts';
import type { InputFile } from '../files/index.ts';
import { trainerState } from './trainer-state.ts';

const MIXTURES = fileOf('mixtures.csv', ['run,weight_web,weight_open_code', 'a,0.8,0.2', 'b,0.5,0.5']);

type Evaluation = readonly [step: number, web: number | null, code: number];

/** As transformers writes it: sorted keys, an indent of two, NaN bare. */
function state(path: string, evaluations: readonly Evaluation[], more: object = {}): InputFile {
  const log = evaluations.flatMap(([step, web, code]) => [
    { epoch: 0.1, grad_norm: 1, learning_rate: 1e-4, loss: 3.3, step },
    { epoch: 0.1, eval_web_loss: web, eval_web_runtime: 2, eval_web_samples_per_second: 9, step, ...more },
    { epoch: 0.1, eval_open_code_loss: code, eval_open_code_runtime: 2, step, ...more },
  ]);
  const value = { best_metric: null, epoch: 1, global_step: evaluations.at(-1)?.[0], log_history: log, max_steps: 9 };
  return fileOf(path, JSON.stringify(value, null, 2).replaceAll('_loss": null', '_loss": NaN'));
}

const A = state('runs/a/trainer_state.json', [
  [100, 4, 3],
  [200, 3.5, 2.5],
]);
const B = state('runs/b/trainer_state.json', [[100, 4.2, 2.9]]);

describe('the Hugging Face Trainer importer', () => {
  test('reads eval_<domain>_loss by step, each run called like its folder', async () => {
    expect(trainerState.detect([A, B, MIXTURES])).toMatchObject({ confidence: 'certain' });
    expect(trainerState.detect([MIXTURES])).toBe(false);
    const { table, findings } = await imported(trainerState, [A, B, MIXTURES]);
    expect(table.runs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(table.evaluationDomains).toEqual(['web', 'open_code']);
    expect(Array.from(table.ownDomain)).toEqual([0, 1]);
    expect(table.volumeUnit).toBe('steps');
    expect(Array.from(table.rowVolume)).toEqual([100, 200, 100]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.5, 2.5, 4.2, 2.9]);
    expect(findings.filter(({ kind }) => kind !== 'note')).toEqual([]);
  });

  test('merges the histories of the checkpoints of one run; the longest counts, whatever the order', async () => {
    const early = state('a/checkpoint-1000/trainer_state.json', [
      [500, 4, 3],
      [1000, 3.5, 2.5],
    ]);
    const late = state('a/checkpoint-900/trainer_state.json', [[500, 4, 3]]);
    const resumed = state('a/checkpoint-1500/trainer_state.json', [
      [500, 4, 3],
      [1000, 3.4, 2.5],
      [1500, 3, 2],
    ]);
    const { table, findings } = await imported(trainerState, [resumed, early, late, MIXTURES]);
    expect(Array.from(table.rowVolume)).toEqual([500, 1000, 1500]);
    expect(Array.from(table.losses)).toEqual([4, 3, 3.4, 2.5, 3, 2]);
    expect(countOf(findings, 'merged-losses')).toBe(5);
    expect(countOf(findings, 'conflicting-losses')).toBe(1);
  });

  test('counts tokens where each evaluation says them, reads perplexities of DoReMi', async () => {
    const tokens = state('a/trainer_state.json', [[100, 4, 3]], { num_input_tokens_seen: 51200 });
    expect((await imported(trainerState, [tokens, MIXTURES])).table).toMatchObject({
      volumeUnit: 'tokens',
      rowVolume: Float64Array.of(51200),
    });
    const doremi = { log_history: [{ step: 5, 'eval_web:log_perplexity': 3, eval_uniform_avg_log_perplexity: 2 }] };
    const { table } = await imported(trainerState, [fileOf('a.json', JSON.stringify(doremi)), MIXTURES]);
    expect(table.evaluationDomains).toEqual(['web']);
  });

  test('reports NaN as a run that broke', async () => {
    const file = state('a.json', [
      [100, 4, 3],
      [200, null, 2],
    ]);
    const { table, findings } = await imported(trainerState, [file, MIXTURES]);
    expect(countOf(findings, 'broken-losses')).toBe(1);
    expect(Array.from(table.losses)).toEqual([4, 3, Number.NaN, 2]);
  });
});

describe('the Hugging Face Trainer importer refuses', () => {
  test('a file that is cut, with the line', async () => {
    const cut = fileOf('a/trainer_state.json', A.text().slice(0, 400));
    await expectRefusal(trainerState, [cut, MIXTURES], {
      code: 'invalid-json',
      message: /invalid JSON file a\/trainer_state.json: it ends too early/,
      where: { file: 'a/trainer_state.json', line: cut.text().split('\n').length },
    });
  });

  test('a damaged file, with line and column', async () => {
    const damaged = fileOf('a.json', '{\n  "log_history": [\n    {"step": 1,}\n  ]\n}\n');
    await expectRefusal(trainerState, [damaged, MIXTURES], {
      code: 'invalid-json',
      message: /unexpected "}/,
      where: { file: 'a.json', line: 3, column: 16 },
    });
  });

  test('one loss over everything, and no evaluation', async () => {
    const one = fileOf('a.json', '{"log_history": [{"step": 1, "eval_loss": 3, "eval_runtime": 1}]}');
    await expectRefusal(trainerState, [one, MIXTURES], {
      code: 'missing-domains',
      message: /a.json: it has only "eval_loss"/,
    });
    const none = fileOf('a.json', '{"log_history": [{"step": 1, "loss": 3}]}');
    await expectRefusal(trainerState, [none, MIXTURES], { code: 'missing-domains', message: /no evaluation at all/ });
  });

  test('columns of a map that are no columns of the mixtures', async () => {
    const named = fileOf('m.csv', ['exp,w,c', 'a,0.8,0.2']);
    const columns = { run: 'exp', weights: { web: 'w', open_code: 'c' } };
    const { table } = await imported(trainerState, [A, named], { columns });
    expect(Array.from(table.mixtures)).toEqual([0.8, 0.2]);
    const missing = { code: 'missing-column', message: /"exp"/ };
    await expectRefusal(trainerState, [A, MIXTURES], missing, { columns: { run: 'exp' } });
    const invalid = { code: 'invalid-columns', message: /losses: runs\/a\/trainer_state.json is a log/ };
    await expectRefusal(trainerState, [A, MIXTURES], invalid, { columns: { losses: '*_ce' } });
  });

  test('runs without a mixture, by all the names they may have', async () => {
    const other = state('runs/c/trainer_state.json', [[100, 4, 3]]);
    await expectRefusal(trainerState, [other, MIXTURES], {
      code: 'missing-runs',
      message: /no mixture is given for "trainer_state" or "trainer_state.json" or "c" or "runs"/,
    });
    const more = state('runs/d/trainer_state.json', [[100, 4, 3]]);
    const { findings } = await imported(trainerState, [other, more, A, MIXTURES]);
    expect(countOf(findings, 'unmatched-losses')).toBe(2);
  });

  test('logs without mixtures, entries that are none, text for a number', async () => {
    await expectRefusal(trainerState, [A], { code: 'missing-mixtures', message: /runs\/a\/trainer_state.json/ });
    const list = fileOf('a.json', '{"log_history": {}}');
    await expectRefusal(trainerState, [list, MIXTURES], { code: 'invalid-log', message: /expected a list/ });
    const entry = fileOf('a.json', '{"log_history": [1]}');
    await expectRefusal(trainerState, [entry, MIXTURES], { code: 'invalid-log', message: /log_history\[0\]/ });
    const text = fileOf('a.json', '{"log_history": [{"step": 1, "eval_web_loss": "low"}]}');
    await expectRefusal(trainerState, [text, MIXTURES], {
      code: 'invalid-number',
      message: /"low" for "eval_web_loss"/,
    });
    await expectRefusal(trainerState, [MIXTURES], { code: 'missing-log', message: /not a trainer_state.json/ });
  });
});
